import type { Path, Problem } from '../problem.ts';

/**
 * Something wrong with a text. The text may hold secrets, so the message quotes no more of it than
 * plain keys, and numbers under keys that name no secret.
 */
export type Fault = Problem & { line: number };

/** The result of parsing YAML or JSON. */
export type Parsed = {
  /** Plain data; undefined when the text cannot be parsed. */
  value: unknown;
  faults: Fault[];
  /** The line of the value at a path, or of the innermost value around it that exists. */
  lineAt(path: Path): Promise<number>;
};

/** The maximum size of a text with its aliases expanded. */
export type Limit = { bytes: number; label: string };

export const inputLimit: Limit = { bytes: 1_000_000, label: '1 MB' };
export const manifestLimit: Limit = { bytes: 10_000_000, label: '10 MB' };

/** The maximum nesting of mappings and lists. */
export const maxDepth = 100;

export const tooDeep = `nested deeper than ${maxDepth} levels.`;
/** What is wrong with a text that exceeds a limit. */
export const tooLarge = ({ label }: Limit): string =>
  `larger than ${label} with its aliases expanded.`;
