import type * as z from 'zod/mini';

/** Where the inputs come from, and where the secrets among them go. */
export type Source = {
  /** The text of an input; empty when it is not set. */
  input(name: string): string;
  env: NodeJS.ProcessEnv;
  /** Told of each secret before anything is printed that could hold it. */
  mask(secret: string): void;
};

/** A text as the type that its field takes: itself, a boolean or a number. */
export function typed(check: z.core.$ZodType, text: string): unknown {
  const readings = [text, booleans.get(text), numberOf(text)];
  return readings.find((value) => value !== undefined && accepts(check, value)) ?? text;
}

/** Whether a check accepts a value. */
const accepts = (check: z.core.$ZodType, value: unknown): boolean =>
  (check as z.ZodMiniType).safeParse(value).success;

/** The booleans of YAML 1.2, which `core.getBooleanInput` accepts too. */
const booleans = new Map([
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

/** A number that is written as JSON writes it; others stay text, and no field takes them. */
const numberOf = (text: string): number | undefined =>
  /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : undefined;

/** The lines of a text that have something in them. */
export const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => line.trim() || []);
