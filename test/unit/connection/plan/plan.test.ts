import * as fc from 'fast-check';
import { matches } from '../../../../src/connection/plan/matches.ts';
import { planAbsent, planPresent } from '../../../../src/connection/plan/plan.ts';
import { needsConfig } from '../../../../src/connection/plan/request-diff.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { connectionOf } from '../../../harness/connections.ts';

const present = (
  request: Record<string, unknown>,
  more: Partial<PresentSpec> = {},
): PresentSpec => ({
  state: 'present',
  group_id: 'decent_dropsy',
  service: 'postgres',
  name: 'billing',
  normalizedName: 'billing',
  shortName: undefined,
  request: { group_id: 'decent_dropsy', service: 'postgres', ...request } as PresentSpec['request'],
  if_exists: 'update',
  on_failed_tests: 'keep',
  selection: undefined,
  wait_for_sync: false,
  variables: [],
  update_secrets: true,
  trusted_fingerprints: [],
  trusted_certificates: [],
  ...more,
});

const patchOf = (request: Record<string, unknown>, answer: Record<string, unknown>) => {
  const plan = planPresent(present(request), connectionOf(answer));
  return plan.action === 'update' ? plan.patch : undefined;
};

describe('an update', () => {
  test('sends only the fields that differ', () => {
    expect(
      patchOf(
        { config: { schema_prefix: 'billing', host: 'new', port: 5432 }, sync_frequency: 60 },
        { config: { host: 'old', port: '5432' }, sync_frequency: 60 },
      ),
    ).toEqual({ config: { host: 'new' } });
  });

  test('of an up-to-date connection is a reuse', () => {
    const plan = planPresent(
      present({ config: { schema_prefix: 'billing', update_method: 'QUERY_BASED' } }),
      connectionOf({ config: { update_method: 'QUERY_BASED', host: 'beyond the wanted' } }),
    );
    expect(plan.action).toBe('reuse');
  });

  test('always sends a masked secret, and marks it as a secret', () => {
    const plan = planPresent(
      present({ config: { schema_prefix: 'billing', password: 'tulip-17' } }),
      connectionOf({ config: { password: '******' } }),
    );
    expect(plan).toMatchObject({
      action: 'update',
      patch: { config: { password: 'tulip-17' } },
      fieldChanges: [{ field: 'config.password', shown: 'sent-again' }],
    });
  });

  test('sends auth, which answers never contain', () => {
    expect(patchOf({ auth: { refresh_token: 'r' } }, {})).toEqual({ auth: { refresh_token: 'r' } });
  });

  test('never sends create-only fields', () => {
    expect(
      patchOf(
        {
          config: { schema: 'crm', table: 'leads' },
          destination_schema_names: 'SOURCE_NAMING',
          connect_card_config: { redirect_uri: 'https://example.com' },
        },
        { destination_schema_names: 'FIVETRAN_NAMING' },
      ),
    ).toBeUndefined();
  });

  test('sends schema beside schema_prefix, where it is an ordinary setting', () => {
    expect(
      patchOf(
        { config: { schema_prefix: 'billing', schema: 'APP' } },
        { config: { schema: 'OLD' } },
      ),
    ).toEqual({ config: { schema: 'APP' } });
  });

  test('sends test options only together with other fields', () => {
    const options = { run_setup_tests: true, trust_fingerprints: true };
    expect(patchOf({ ...options }, {})).toBeUndefined();
    expect(patchOf({ ...options, paused: true }, { paused: false })).toEqual({
      ...options,
      paused: true,
    });
  });

  test('treats additional fields like its own', () => {
    const schedule = { schedule_type: 'CRON', cron: '0 5 * * *' };
    const overridden = { sync_frequency: 360, daily_sync_time: '03:00' };
    expect(patchOf({ schedule, ...overridden }, { schedule, sync_frequency: 60 })).toBeUndefined();
    expect(patchOf({ schedule }, { schedule: { ...schedule, next: 'soon' } })).toBeUndefined();
    expect(patchOf({ schedule }, { schedule: { ...schedule, cron: '0 6 * * *' } })).toEqual({
      schedule,
    });
  });

  test('does not unpause before the selection is applied', () => {
    const selection = { schema_change_handling: 'ALLOW_ALL' as const, schemas: {} };
    const spec = present({ paused: false }, { selection });
    expect(planPresent(spec, connectionOf({ paused: true })).action).toBe('reuse');
    expect(planPresent(spec)).toMatchObject({ action: 'create', request: { paused: true } });
  });
});

test('a connection with a selection is not created without setup tests', () => {
  const selection: PresentSpec['selection'] = { schema_change_handling: 'ALLOW_ALL', schemas: {} };
  for (const [run_setup_tests, action] of [
    [false, 'refuse'],
    [true, 'create'],
    [undefined, 'create'],
  ] as const) {
    expect(planPresent(present({ run_setup_tests }, { selection }))).toMatchObject({ action });
  }
  expect(planPresent(present({ run_setup_tests: false })).action).toBe('create');
});

describe('config that a list leaves out is read', () => {
  const config = { schema_prefix: 'billing', host: 'new' };

  test('for an update that sets more than the name', () => {
    expect(needsConfig(present({ config }), connectionOf({}))).toBe(true);
  });

  test.each([
    ['when it is there', { config }, {}, { config: {} }],
    ['when only the name is given', { config: { schema_prefix: 'billing' } }, {}, {}],
    ['when nothing is given', {}, {}, {}],
    ['when the connection is not updated', { config }, { if_exists: 'reuse' as const }, {}],
  ])('but not %s', (_when, request, more, answer) => {
    expect(needsConfig(present(request, more), connectionOf(answer))).toBe(false);
  });
});

test('a connection of another service is refused in every mode', () => {
  for (const if_exists of ['fail', 'reuse', 'update'] as const) {
    const plan = planPresent(present({}, { if_exists }), connectionOf({ service: 'mysql' }));
    expect(plan).toMatchObject({ action: 'refuse', message: expect.stringContaining('mysql') });
  }
});

test('a value equals itself, a larger mapping, and its number as text', () => {
  const asText = (value: unknown): unknown =>
    typeof value === 'number'
      ? String(value)
      : Array.isArray(value)
        ? value.map(asText)
        : typeof value === 'object' && value !== null
          ? {
              ...Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asText(v)])),
              extra: 1,
            }
          : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(matches(value, structuredClone(value))).toBe(true);
      expect(matches(value, asText(value))).toBe(true);
    }),
  );
});

describe('a deletion', () => {
  const spec = {
    state: 'absent' as const,
    target: {
      kind: 'name' as const,
      group_id: 'decent_dropsy',
      name: 'Billing',
      normalizedName: 'billing',
      shortName: undefined,
    },
    expect: { service: 'postgres' },
  };

  test('is planned for the connection that matches in every field', () => {
    expect(planAbsent(spec, connectionOf({})).action).toBe('delete');
    expect(planAbsent(spec).action).toBe('nothing');
  });

  test.each([
    ['crm.v2', 'crm_v2', 'crm_v2'],
    ['CRM', 'crm', 'CRM'],
    ['CRM', 'crm', 'crm'],
  ])('by ID agrees with the name %s in its normal form %s: %s', (name, normalizedName, schema) => {
    const byId = {
      state: 'absent' as const,
      target: { kind: 'id' as const, connection_id: 'open_mosaic' },
      expect: { name, normalizedName },
    };
    expect(planAbsent(byId, connectionOf({ schema })).action).toBe('delete');
    expect(planAbsent(byId, connectionOf({ schema: 'crm_v3' })).action).toBe('refuse');
  });

  test.each([
    ['name', { schema: undefined }],
    ['name', { schema: 'billing_2' }],
    ['service', { service: undefined }],
    ['service', { service: 'mysql' }],
    ['group_id', { group_id: null }],
    ['group_id', { group_id: 'other' }],
  ])('is refused when its %s is missing or different', (field, answer) => {
    expect(planAbsent(spec, connectionOf(answer))).toMatchObject({
      action: 'refuse',
      message: expect.stringContaining(
        `its ${field} is ${Object.values(answer)[0] ?? 'unknown'}, but the step expects `,
      ),
    });
  });
});
