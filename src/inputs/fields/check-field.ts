import * as z from 'zod/mini';
import { conjunction } from '../../text/format.ts';
import { isMapping, valueAt } from '../../text/mapping.ts';
import type { Reference, Replaced } from '../parse/substitute.ts';
import {
  display,
  invalid,
  kindOf,
  overlaps,
  type Path,
  type Problem,
  unknownField,
} from '../problem.ts';

/** Mappings whose values the connector defines and that may hold secrets. */
const opaque = ['config', 'auth', 'additional_fields', 'external_secrets_keys_config'];

/**
 * A value, the check of its field, and its path; the last step of the path is the field's name.
 */
export type CheckedField = { check: z.core.$ZodType; value: unknown; path: Path };

/** Checks one field's value. A value that came through `${NAME}` is never quoted. */
export function checkField(
  { check, value, path }: CheckedField,
  { references, unresolved }: Pick<Replaced, 'references' | 'unresolved'>,
): Problem[] {
  return (z.safeParse(check, value).error?.issues ?? []).flatMap((issue): Problem[] => {
    const inner = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const at = [...path, ...inner];
    if (unresolved.some((one) => overlaps(one, at))) return [];
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys(declaredFields(check) ?? {});
      return issue.keys.map((key) => unknownField([...at, key], known));
    }
    const names = variableNames(references, at);
    if (names) return [invalid(at, issue.message, `the value of ${names}`)];
    const given = inner.reduce(itemOf, value);
    const shown = opaque.includes(String(path.at(-1))) ? kindOf(given) : display(given);
    return [invalid(at, issue.message, shown)];
  });
}

/** The variables that supplied a value, as text; empty when there are none. */
const variableNames = (references: readonly Reference[], path: Path): string =>
  conjunction([
    ...new Set(
      references
        .filter((one) => one.from === 'variable' && overlaps(one.path, path))
        .map(({ name }) => `\${${name}}`),
    ),
  ]);

const itemOf = (value: unknown, step: string | number): unknown => {
  if (Array.isArray(value)) return value[Number(step)];
  return isMapping(value) ? valueAt(value, String(step)) : undefined;
};

/**
 * Converts text to the types of its field: a string, a boolean or a number, also within a mapping
 * or list whose fields the action declares.
 */
export function typed(check: z.core.$ZodType, value: unknown): unknown {
  if (typeof value === 'string') {
    const readings = [value, scalarOf(value)];
    return readings.find((one) => one !== undefined && z.safeParse(check, one).success) ?? value;
  }
  const fields = declaredFields(check);
  if (!fields || !isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const field = valueAt<z.core.$ZodType>(fields, key);
      return [key, field ? typed(field, inner) : inner];
    }),
  );
}

/** The fields that a check of a mapping declares; undefined when it declares none. */
export function declaredFields(check: z.core.$ZodType): z.core.$ZodShape | undefined {
  if (check instanceof z.ZodMiniOptional) return declaredFields(check.def.innerType);
  return check instanceof z.ZodMiniObject ? check.shape : undefined;
}

/**
 * The boolean or number that a text is in the form that JSON uses; undefined for any other text.
 */
export const scalarOf = (text: string): boolean | number | undefined =>
  booleans.get(text) ?? numberOf(text);

/** The booleans of YAML 1.2, which `core.getBooleanInput` accepts too. */
const booleans = new Map([
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

const numberOf = (text: string): number | undefined =>
  /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : undefined;

/**
 * The lines of a text, trimmed, without empty ones and comments. PEM text stays one item, so that
 * it is one problem.
 */
export function listItems(text: string): string[] {
  const begin = text.indexOf('-----BEGIN ');
  if (begin === -1) return plainLines(text);
  const last = text.lastIndexOf('-----END ');
  const newline = last < begin ? -1 : text.indexOf('\n', last);
  const end = newline === -1 ? text.length : newline;
  return [
    ...plainLines(text.slice(0, begin)),
    text.slice(begin, end).trim(),
    ...plainLines(text.slice(end)),
  ];
}

const plainLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
