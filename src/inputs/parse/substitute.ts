import { isMapping } from '../../text/mapping.ts';
import type { Path, Problem } from '../problem.ts';

/** The variables that references name, and how many more characters they can insert. */
export type Environment = { env: NodeJS.ProcessEnv; budget: { left: number } };

/** A `${NAME}` that was replaced. */
export type Reference = {
  path: Path;
  name: string;
  /** The inserted text. */
  value: string;
  from: 'variable' | 'default';
  /** Whether it is the whole text at its path. */
  isWhole: boolean;
};

/** What a substitution replaced, and what it could not replace. */
export type Replaced = {
  references: Reference[];
  /** Paths of texts with a reference that could not be replaced; those texts are unchanged. */
  unresolved: Path[];
  problems: Problem[];
};

/** The result of a substitution. */
export type Substituted = Replaced & { value: unknown };

const referencePattern = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;

/** Creates the record of a substitution that has replaced nothing yet. */
export const noneReplaced = (): Replaced => ({ references: [], unresolved: [], problems: [] });

/**
 * Replaces `${NAME}` in every string with the environment variable of that name.
 * `${NAME:-default}` supplies a default when it is unset or empty, and `$${` is a literal `${`.
 * Inserted values are not scanned again, so they can contain any character. Keys stay unchanged.
 *
 * @param path the path of `input`
 */
export function substitute(input: unknown, path: Path, environment: Environment): Substituted {
  const replaced = noneReplaced();
  const inValue = (value: unknown, at: Path): unknown => {
    if (typeof value === 'string') return inText(value, at, { ...environment, replaced });
    if (Array.isArray(value)) return value.map((item, index) => inValue(item, [...at, index]));
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, inValue(inner, [...at, key])]),
    );
  };
  return { value: inValue(input, path), ...replaced };
}

/** Replaces the references in one string, and adds to `replaced`. */
export function inText(
  text: string,
  path: Path,
  { env, budget, replaced }: Environment & { replaced: Replaced },
): string {
  if (!text.includes('${')) return text;
  const fail = (match: string, message: string): string => {
    replaced.problems.push({ path, message });
    replaced.unresolved.push(path);
    return match;
  };
  return text.replace(referencePattern, (match: string, name?: string, fallback?: string) => {
    if (match === '$${') return '${';
    if (name === undefined || fallback?.includes('${')) return fail(match, malformed(text));
    const given = Object.hasOwn(env, name) ? env[name] : undefined;
    const value = given || fallback;
    if (value === undefined) return fail(match, missing(name, given));
    if (given) budget.left -= value.length;
    if (budget.left < 0) return fail(match, 'too large once its references are replaced.');
    const from = given ? 'variable' : 'default';
    replaced.references.push({ path, name, value, from, isWhole: match === text });
    return value;
  });
}

const malformed = (text: string): string =>
  text.includes('${{')
    ? "GitHub does not evaluate ${{ }} here. Pass the value through the step's env and write ${NAME}."
    : 'invalid reference. Write ${NAME} or ${NAME:-default}, or $${ for a literal ${.';

const missing = (name: string, given: string | undefined): string =>
  `environment variable ${name} ${given === undefined ? 'is not set' : 'is empty'}. Set it in the step's env. ` +
  'On GitHub, a secret or variable whose name is misspelled is empty, and runs for a fork or for ' +
  `Dependabot get no secrets. If it may be empty, write \${${name}:-default} or \${${name}:-}.`;
