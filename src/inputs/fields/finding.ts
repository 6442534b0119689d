import { nearest } from '../../text/nearest.ts';

/** The location of a value: mapping keys and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** A path as text: `config.hosts[0].name`. */
export const formatPath = (path: Path): string =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${step}`))
    .join('');

/** Whether one path is a prefix of the other, or both are the same. */
export const overlaps = (a: Path, b: Path): boolean =>
  a.slice(0, b.length).every((step, at) => step === b[at]);

/** Something wrong at a path. It becomes a `Problem` once the input or file is known. */
export type Finding = { path: Path; message: string };

/** The finding for a value that breaks the rule of its field. */
export const invalid = (path: Path, rule: string, given: string): Finding => ({
  path,
  message: `${rule}, got ${given}.`,
});

/** The finding for an unknown key; suggests the nearest known one. */
export function unknownField(path: Path, known: readonly string[]): Finding {
  const name = String(path.at(-1));
  const near = nearest(name, known);
  const hint = near ? `Did you mean ${near}?` : `Known fields: ${known.join(', ')}.`;
  return { path, message: `unknown field. ${hint}` };
}

/** A value for an error message, without anything that may be a secret. */
export function display(value: unknown): string {
  if (typeof value !== 'string') return isScalar(value) ? String(value) : kindOf(value);
  if (value.includes('PRIVATE KEY')) return kindOf(value);
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  // A URL has its password before the @, and often a token after ? or #.
  const [, before = '', rest = ''] = /^(.*@)?(.*)$/s.exec(value) ?? [];
  const shown = /[?#]/.test(before) ? '***' : (before && '***@') + rest.replace(/[?#].+/s, '***');
  return JSON.stringify(shown);
}

/** The kind of a value, without anything of the value itself. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean';
