import { nearest } from '../text/nearest.ts';
import type { Path } from './path.ts';

/** A problem, before its place is told in the words of an input or of a file. */
export type Finding = { path: Path; message: string };

/** A value that is not what its field takes. */
export const invalid = (path: Path, rule: string, given: string): Finding => ({
  path,
  message: `${rule}, got ${given}.`,
});

/** A key that means nothing where it stands. */
export function unknownField(path: Path, known: readonly string[]): Finding {
  const name = String(path.at(-1));
  const near = nearest(name, known);
  const hint = near ? `Did you mean ${near}?` : `Known fields: ${known.join(', ')}.`;
  return { path, message: `unknown field. ${hint}` };
}

/** A value as an error shows it; whatever may be a secret is left out. */
export function display(value: unknown): string {
  if (typeof value !== 'string') return isScalar(value) ? String(value) : kindOf(value);
  if (value.includes('PRIVATE KEY')) return kindOf(value);
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  // Before an @ stands a URL's password; after ? and #, often a token.
  const [, before = '', rest = ''] = /^(.*@)?(.*)$/s.exec(value) ?? [];
  const shown = /[?#]/.test(before) ? '***' : (before && '***@') + rest.replace(/[?#].+/s, '***');
  return JSON.stringify(shown);
}

/** What kind of value it is, in words that reveal nothing of it. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

/** A mapping of names to values; keys of any name are plain data. */
export type Mapping = Record<string, unknown>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean';
