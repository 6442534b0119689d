import type * as z from 'zod/mini';
import { isMapping } from '../../text/mapping.ts';
import type { Substituted } from '../parse/substitute.ts';
import { invalid, overlaps, type Path, type Problem } from '../problem.ts';
import { display, kindOf } from './display.ts';

/** Mappings whose values the connector defines and that may hold secrets. */
const opaque = ['config', 'auth', 'additional_fields', 'external_secrets_keys_config'];

/**
 * Checks one field's value. A value that came through `${NAME}` is never quoted.
 *
 * @param path the path of the value; its last step is the field's name
 */
export function checkField(
  check: z.core.$ZodType,
  value: unknown,
  path: Path,
  { uses, unresolved }: Pick<Substituted, 'uses' | 'unresolved'>,
): Problem[] {
  const issues = (check as z.ZodMiniType).safeParse(value).error?.issues ?? [];
  return issues
    .map((issue) => ({ inner: issue.path as (string | number)[], rule: issue.message }))
    .map(({ inner, rule }) => ({ at: [...path, ...inner], given: valueAt(value, inner), rule }))
    .filter(({ at }) => !unresolved.some((one) => overlaps(one, at)))
    .map(({ at, given, rule }) => {
      const names = namesOf(uses, at);
      if (names) return invalid(at, rule, `the value of ${names}`);
      return invalid(
        at,
        rule,
        opaque.includes(String(path.at(-1))) ? kindOf(given) : display(given),
      );
    });
}

/** The references that supplied a value, as text; empty when there are none. */
const namesOf = (uses: Substituted['uses'], path: Path): string =>
  [
    ...new Set(uses.filter((use) => overlaps(use.path, path)).map(({ name }) => `\${${name}}`)),
  ].join(' and ');

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isMapping(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}

/** Converts text to the type of its field: a string, a boolean or a number. */
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

/** A number in the form that JSON uses; any other form stays text, which the field's check rejects. */
const numberOf = (text: string): number | undefined =>
  /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : undefined;

/** The lines of a text, trimmed, without empty ones. */
export const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => line.trim() || []);
