import type { Problem } from './input-error.ts';

/** A mapping with its `${NAME}` replaced, the values that came in, and what was wrong. */
export type Substituted<T> = {
  value: T;
  used: { path: string; value: string }[];
  problems: Problem[];
};

const reference = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Replaces `${NAME}` in every string of parsed YAML by the environment variable of that name.
 * `${NAME:-default}` gives a default when it is unset or empty, and `$$` is a dollar sign. What comes
 * in is not looked at again, so it can hold any character.
 *
 * @param path where `input` stands, for the problems: an input's name
 */
export function substitute<T>(input: T, env: NodeJS.ProcessEnv, path: string): Substituted<T> {
  const used: Substituted<T>['used'] = [];
  const problems: Problem[] = [];

  const inText = (text: string, at: string): string =>
    text.replace(reference, (match: string, name?: string, fallback?: string) => {
      if (match === '$$') return '$';
      if (name === undefined || fallback?.includes('${')) {
        const allowed =
          '${NAME} or ${NAME:-default}, with NAME an environment variable; $${ is a literal ${';
        problems.push({
          field: at,
          text: `has a \${ that no reference follows; allowed: ${allowed}.`,
        });
        return match;
      }
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value === undefined && fallback === undefined) {
        const how = `set ${name} in the step's env, or give a default: \${${name}:-default}`;
        problems.push({
          field: at,
          text: `names \${${name}}, an environment variable that is not set; ${how}.`,
        });
        return match;
      }
      if (value === undefined || (value === '' && fallback !== undefined))
        return (fallback ?? '').replaceAll('$$', () => '$');
      used.push({ path: at, value });
      return value;
    });

  const inValue = (value: unknown, at: string): unknown => {
    if (typeof value === 'string') return inText(value, at);
    if (Array.isArray(value)) return value.map((item, index) => inValue(item, `${at}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, inValue(inner, `${at}.${key}`)]),
    );
  };

  return { value: inValue(input, path) as T, used, problems };
}
