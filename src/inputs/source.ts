import type * as z from 'zod/mini';
import { namingFields } from '../fivetran/connection-name.ts';
import { secretStrings } from '../secrets/secret-names.ts';
import { type Substituted, substitute } from './substitute.ts';

/** Where the inputs come from, and where the secrets among them go. */
export type Source = {
  /** The text of an input, trimmed; empty when it is not set. */
  input(name: string): string;
  env: NodeJS.ProcessEnv;
  /** Told of each secret before anything that could print it. */
  mask(secret: string): void;
};

const secretParts = ['config', 'auth'];

/**
 * Fills `${NAME}` into a field of a connection, and hides the secrets in it: each value that came in
 * through `${NAME}` into `config` or `auth`, but for those that make the connection's name, which is
 * no secret to anybody; and every string under a key that names a secret.
 *
 * @param path where the field stands, when that is not at the top
 */
export function substituteAndMask<T>(
  field: string,
  value: T,
  source: Source,
  path = field,
): Substituted<T> {
  const filled = substitute(value, source.env, path);
  const naming = field === 'config' ? namingFields.map((name) => `${path}.${name}`) : [];
  if (secretParts.includes(field)) {
    for (const { path: at, value } of filled.used) if (!naming.includes(at)) source.mask(value);
  }
  // A reference that could not be filled is no secret yet, and a problem will name it.
  const unfilled = filled.problems.length > 0 ? '${' : undefined;
  for (const secret of secretStrings({ [field]: filled.value })) {
    if (!unfilled || !secret.includes(unfilled)) source.mask(secret);
  }
  return filled;
}

/** A text as the type that its field takes: itself, a boolean or a number. */
export function typed(field: z.ZodMiniType, text: string): unknown {
  const readings = [text, booleans[text], /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined];
  return readings.find((value) => value !== undefined && field.safeParse(value).success) ?? text;
}

/** What YAML 1.2 takes for a boolean, as `core.getBooleanInput` does. */
const booleans: Record<string, boolean> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** The lines of a text that have something in them. */
export const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => line.trim() || []);
