import type { Path, Problem } from '../problem.ts';

/** A value from the environment that replaced `${NAME}`. */
type Use = { path: Path; name: string; value: string };

/** The result of a substitution. */
export type Substituted = {
  value: unknown;
  uses: Use[];
  /** Paths of texts with a reference that could not be replaced; those texts are unchanged. */
  unresolved: Path[];
  problems: Problem[];
};

const reference = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;

/**
 * Replaces `${NAME}` in every string with the environment variable of that name. `${NAME:-default}`
 * supplies a default when it is unset or empty, and `$${` is a literal `${`. Inserted values are not
 * scanned again, so they can contain any character. Keys stay unchanged.
 *
 * @param path the path of `input`
 * @param budget how many more characters references can insert
 */
export function substitute(
  input: unknown,
  env: NodeJS.ProcessEnv,
  path: Path,
  budget: { left: number },
): Substituted {
  const result: Omit<Substituted, 'value'> = { uses: [], unresolved: [], problems: [] };
  const inValue = (value: unknown, at: Path): unknown => {
    if (typeof value === 'string') return inText(value, at, env, budget, result);
    if (Array.isArray(value)) return value.map((item, index) => inValue(item, [...at, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, inValue(inner, [...at, key])]),
    );
  };
  return { value: inValue(input, path), ...result };
}

/** Replaces the references in one string. */
export function inText(
  text: string,
  at: Path,
  env: NodeJS.ProcessEnv,
  budget: { left: number },
  { uses, unresolved, problems }: Omit<Substituted, 'value'>,
): string {
  if (!text.includes('${')) return text;
  const fail = (match: string, message: string): string => {
    problems.push({ path: at, message });
    unresolved.push(at);
    return match;
  };
  return text.replace(reference, (match: string, name?: string, fallback?: string) => {
    if (match === '$${') return '${';
    if (name === undefined || fallback?.includes('${')) {
      return fail(match, malformed(text));
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined && fallback === undefined) {
      return fail(
        match,
        `environment variable ${name} is not set. Set it in the step's env, or write \${${name}:-default}.`,
      );
    }
    if (fallback !== undefined && !value) return fallback;
    const given = value ?? '';
    budget.left -= given.length;
    if (budget.left < 0) return fail(match, 'too large once its references are replaced.');
    uses.push({ path: at, name, value: given });
    return given;
  });
}

const malformed = (text: string): string =>
  text.includes('${{')
    ? "GitHub does not evaluate ${{ }} here. Pass the value through the step's env and write ${NAME}."
    : 'invalid reference. Write ${NAME} or ${NAME:-default}, or $${ for a literal ${.';
