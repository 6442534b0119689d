import { namingFieldsOf } from '../fivetran/connection-name.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { PresentSpec } from '../inputs/spec.ts';
import { isMapping, valueAt } from '../text/mapping.ts';
import { differingFields, withoutSecrets } from './diff.ts';
import { createRequest } from './plan.ts';

/** Fields of a create request that no answer contains. */
const unreadable = ['auth', 'run_setup_tests', 'trust_certificates', 'trust_fingerprints'];

/**
 * How a connection that was found by its name differs from a create request: the fields that it has
 * with another value, and those that it does not show.
 */
export function compareWithRequest(
  spec: PresentSpec,
  { raw }: Connection,
): { different: string[]; missing: string[] } {
  const { config = {}, ...request } = createRequest(spec);
  // The connection was found by its name, so the fields that form it are right.
  const wanted = without(request, unreadable);
  const wantedConfig = without(config, namingFieldsOf(config));
  const actualConfig = isMapping(raw.config) ? raw.config : {};
  const fields = [
    ...differingFields(wanted, raw).map((field) => ({ field, value: valueAt(raw, field) })),
    ...differingFields(wantedConfig, actualConfig).map((field) => ({
      field: `config.${field}`,
      value: valueAt(actualConfig, field),
    })),
  ];
  const namesOf = (isMissing: boolean): string[] =>
    fields.filter(({ value }) => (value == null) === isMissing).map(({ field }) => field);
  return { different: namesOf(false), missing: namesOf(true) };
}

const without = (fields: object, names: readonly string[]): Record<string, unknown> =>
  withoutSecrets(
    Object.fromEntries(Object.entries(fields).filter(([field]) => !names.includes(field))),
  ) as Record<string, unknown>;
