import type { Finding } from './finding.ts';
import type { Path } from './path.ts';

/** A value of the environment that came through `${NAME}`. */
type Use = { path: Path; name: string; value: string };

/** Plain data after substitution. */
export type Substituted = {
  value: unknown;
  uses: Use[];
  /** Where a reference could not be replaced; the text there is still as it was written. */
  unresolved: Path[];
  findings: Finding[];
};

const reference = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;

/**
 * Replaces `${NAME}` in every string by the environment variable of that name. `${NAME:-default}`
 * supplies a default when it is unset or empty, and `$${` is a literal `${`. What comes in is not
 * looked at again, so it can hold any character. Keys stay as they are.
 *
 * @param path where `input` stands
 * @param budget how many characters may still come in altogether
 */
export function substitute(
  input: unknown,
  env: NodeJS.ProcessEnv,
  path: Path,
  budget: { left: number },
): Substituted {
  const result: Omit<Substituted, 'value'> = { uses: [], unresolved: [], findings: [] };
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
  { uses, unresolved, findings }: Omit<Substituted, 'value'>,
): string {
  if (!text.includes('${')) return text;
  const fail = (match: string, message: string): string => {
    findings.push({ path: at, message });
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
    if (budget.left < 0) return fail(match, `too large with the values of its references.`);
    uses.push({ path: at, name, value: given });
    return given;
  });
}

const malformed = (text: string): string =>
  text.includes('${{')
    ? "GitHub does not evaluate ${{ }} here. Give the value through the step's env and write ${NAME}."
    : '${ begins no reference. Write ${NAME} or ${NAME:-default}; $${ is a literal ${.';
