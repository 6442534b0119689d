import type { Finding } from './finding.ts';
import type { Path } from './path.ts';

/** Something wrong with a text, told without a word of the text itself, which may hold secrets. */
export type Fault = Finding & { line: number };

/** A YAML or JSON text as plain data. */
export type Parsed = {
  /** Undefined when the text cannot be read. */
  value: unknown;
  faults: Fault[];
  /** The line of a value, or of the nearest one around it that the text holds. */
  lineAt(path: Path): number;
};

/** How large a text may be, once its aliases are expanded. */
export type Limit = { bytes: number; label: string };

export const inputLimit: Limit = { bytes: 1_000_000, label: '1 MB' };
export const manifestLimit: Limit = { bytes: 10_000_000, label: '10 MB' };

/** How many mappings and lists may stand within each other. */
export const maxDepth = 100;

export const tooDeep = `nested deeper than ${maxDepth} levels.`;
export const tooLarge = ({ label }: Limit): string =>
  `larger than ${label}, counting what its aliases stand for.`;
export const changedNumber =
  'this number would not be sent as it is written (3.10 becomes 3.1, and 007 becomes 7). Put it in quotes.';
