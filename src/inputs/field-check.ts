import type * as z from 'zod/mini';
import { display, type Finding, invalid, isMapping, kindOf } from './finding.ts';
import { overlaps, type Path } from './path.ts';
import type { Substituted } from './substitute.ts';

/** Mappings whose values are a connector's own, and may be secrets. */
const opaque = ['config', 'auth', 'additional_fields', 'external_secrets_keys_config'];

/**
 * Checks one field's value. A value that came through `${NAME}` is never quoted.
 *
 * @param path where the value stands; its last step is the field's name
 */
export function checkField(
  check: z.core.$ZodType,
  value: unknown,
  path: Path,
  { uses, unresolved }: Pick<Substituted, 'uses' | 'unresolved'>,
): Finding[] {
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

/** The references that a value came through; empty when it did not. */
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
