import * as fc from 'fast-check';
import { expectedAfter, followUps, known } from '../../../../src/connection/plan/follow-ups.ts';
import { matches } from '../../../../src/connection/plan/matches.ts';
import { planAbsent, planPresent } from '../../../../src/connection/plan/plan.ts';
import {
  differencesFromRequest,
  needsConfig,
  unchangeable,
} from '../../../../src/connection/plan/request-diff.ts';
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
        {
          config: { schema_prefix: 'billing', host: 'new', user: 'new', port: 5432 },
          sync_frequency: 60,
        },
        { config: { host: 'old', port: '5432' }, sync_frequency: 60 },
      ),
    ).toEqual({ config: { host: 'new', user: 'new' } });
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

  test('does not warn of a create-only field that is not returned', () => {
    const spec = present({ destination_schema_names: 'SOURCE_NAMING' });
    expect(unchangeable(spec, connectionOf({}))).toEqual([]);
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
    for (const trust of [{ trust_fingerprints: true }, { trust_certificates: false }]) {
      expect(patchOf({ ...trust, run_setup_tests: true }, {})).toBeUndefined();
      expect(patchOf({ ...trust, paused: true }, { paused: false })).toEqual({
        ...trust,
        run_setup_tests: true,
        paused: true,
      });
    }
  });

  test('treats additional fields like its own', () => {
    const schedule = { schedule_type: 'CRON', cron: '0 5 * * *' };
    const overridden = { sync_frequency: 360, daily_sync_time: '03:00' };
    expect(patchOf({ schedule, ...overridden }, { schedule, sync_frequency: 60 })).toBeUndefined();
    expect(patchOf({ schedule }, { schedule: { ...schedule, next: 'soon' } })).toBeUndefined();
    expect(patchOf({ auth_type: 'b' }, { auth_type: 'a' })).toEqual({ auth_type: 'b' });
    expect(patchOf({ schedule }, { schedule: { ...schedule, cron: '0 6 * * *' } })).toEqual({
      schedule,
    });
  });

  test('does not unpause before the selection is applied', () => {
    const selection = { schema_change_handling: 'ALLOW_ALL' as const, schemas: {} };
    const spec = present({ paused: false }, { selection });
    expect(planPresent(spec, connectionOf({ paused: true })).action).toBe('reuse');
    expect(patchOf({ paused: false }, { paused: true })).toEqual({ paused: false });
    const pausing = present({ paused: true }, { selection });
    expect(planPresent(pausing, connectionOf({ paused: false })).action).toBe('update');
    expect(planPresent(spec)).toMatchObject({ action: 'create', request: { paused: true } });
  });
});

test('a change shows no value that came through a variable, nor a schedule that is not returned', () => {
  const schedule = { schedule_type: 'CRON', cron: '0 5 * * *' };
  const config = { schema_prefix: 'billing', host: 'new', port: 1, tables: ['a', 'b'] };
  const request = { config, schedule, paused: true, region: 'EU', auth: { user: 'me' } };
  const variables = [['config', 'host'], ['config', 'tables', 1], ['region']].map((path) => ({
    path,
    untyped: false,
  }));
  const shownOf = (answer: object) => {
    const plan = planPresent(present(request, { variables }), connectionOf(answer));
    const changes = plan.action === 'update' ? plan.fieldChanges : [];
    return Object.fromEntries(changes.map(({ field, shown }) => [field, shown]));
  };
  const changes = {
    'config.host': 'name',
    'config.port': 'values',
    'config.tables': 'name',
    schedule: 'sent-again',
    paused: 'values',
    region: 'name',
    'auth.user': 'sent-again',
  };
  expect(shownOf({})).toEqual(changes);
  const other = { schedule: { ...schedule, cron: '0 6 * * *' } };
  expect(shownOf(other)).toEqual({ ...changes, schedule: 'values' });
});

test('a connection differs from a create request in what responses show', () => {
  const config = { schema_prefix: 'billing', host: 'new', port: 1, user: 'me', password: 'tulip' };
  const hidden = {
    auth: { user: 'me' },
    schedule: { schedule_type: 'CRON' },
    connect_card_config: { redirect_uri: 'https://example.com' },
    run_setup_tests: true,
    trust_certificates: true,
    trust_fingerprints: true,
  };
  const selection: PresentSpec['selection'] = { schema_change_handling: 'ALLOW_ALL', schemas: {} };
  const spec = present({ config, ...hidden, sync_frequency: 5, region: 'EU' }, { selection });
  const found = { paused: false, sync_frequency: 60, config: { host: 'old', port: 1 } };
  expect(differencesFromRequest(spec, connectionOf(found))).toEqual({
    different: ['paused', 'config.host'],
    missing: ['region', 'config.user'],
  });
});

test('a connection with a selection is not created without setup tests', () => {
  const selection: PresentSpec['selection'] = { schema_change_handling: 'ALLOW_ALL', schemas: {} };
  for (const [run_setup_tests, action] of [
    [true, 'create'],
    [undefined, 'create'],
  ] as const) {
    expect(planPresent(present({ run_setup_tests }, { selection }))).toMatchObject({ action });
  }
  expect(planPresent(present({ run_setup_tests: false }, { selection }))).toMatchObject({
    action: 'refuse',
    message: expect.stringContaining('one with schemas cannot'),
    shortReason: 'schemas needs setup tests',
    hint: 'Remove run_setup_tests: false.',
  });
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
    expect(plan).toMatchObject({
      action: 'refuse',
      message: expect.stringMatching(/open_mosaic.* is mysql, not postgres\./),
      shortReason: 'the name is taken',
      hint: 'Choose another name in config, or delete that connection.',
    });
  }
  expect(planPresent(present({}), connectionOf({ service: undefined })).action).toBe('reuse');
});

test('a name that is taken is refused with if_exists: fail', () => {
  expect(planPresent(present({}, { if_exists: 'fail' }), connectionOf({}))).toMatchObject({
    action: 'refuse',
    message: expect.stringContaining('open_mosaic'),
    shortReason: 'the name is taken',
    hint: expect.stringMatching(/^Set if_exists to reuse or update, choose another name/),
  });
});

describe('after a plan', () => {
  const selection: PresentSpec['selection'] = { schema_change_handling: 'ALLOW_ALL', schemas: {} };
  const S = { selection };
  const W = { wait_for_sync: { timeoutMinutes: 60 } } as Partial<PresentSpec>;
  const untested = { run_setup_tests: false };
  const fresh = { isNew: true, isPaused: true, hasSynced: false, setup_state: undefined };
  const paused = { isPaused: true };

  test.each<[string, object, Partial<PresentSpec>, object]>([
    ['tests, it is paused', {}, {}, fresh],
    ['tests, unpauses', {}, W, fresh],
    ['tests', {}, W, { ...fresh, isPaused: false }],
    ['tests, selects, unpauses', {}, S, fresh],
    ['tests, selects, it is paused', { paused: true }, S, fresh],
    ['tests, selects, unpauses', { paused: false }, S, paused],
    ['tests, selects, unpauses', {}, S, { ...paused, hasSynced: false }],
    ['tests, selects, it is paused', {}, S, paused],
    ['tests, selects, it is paused', { paused: false }, { ...S, if_exists: 'reuse' }, paused],
    ['tests, it is paused', { paused: false }, {}, paused],
    ['tests, selects', {}, S, { setup_state: 'broken' }],
    ['', untested, {}, {}],
    ['selects', untested, S, { setup_state: undefined }],
    ['its setup is incomplete', untested, {}, { setup_state: 'incomplete' }],
    ['', untested, {}, { setup_state: 'broken' }],
    ['its setup is broken', untested, {}, { setup_state: 'broken', isUpdated: true }],
    ['its selection is not applied', untested, S, { setup_state: 'broken' }],
  ])('follows: %s (%j, %j, %j)', (words, request, more, state) => {
    const old = { isNew: false, isUpdated: false, isPaused: false, hasSynced: true };
    const follow = followUps(present({ ...request }, more), {
      ...old,
      setup_state: 'connected',
      ...state,
    });
    const { runsTests, appliesSelection, unpauses, blocksSync } = follow;
    const found = [runsTests && 'tests', appliesSelection && 'selects', unpauses && 'unpauses'];
    expect([...found, blocksSync].filter(Boolean).join(', ')).toBe(words);
  });

  test('the state of the connection is known as far as the plan tells', () => {
    const stateAfter = (spec: PresentSpec, existing?: object) =>
      expectedAfter(planPresent(spec, existing && connectionOf(existing)), spec);
    expect(stateAfter(present({}))).toEqual({ ...fresh, isPaused: false, isUpdated: false });
    expect(stateAfter(present({}, S))).toEqual({ ...fresh, isUpdated: false });
    const stored = { paused: true, succeeded_at: '2026-01-05', status: { setup_state: 'broken' } };
    const found = { isNew: false, isPaused: true, hasSynced: true, setup_state: 'broken' };
    expect(stateAfter(present({}), stored)).toEqual({ ...found, isUpdated: false });
    const unpaused = { ...found, isPaused: false, isUpdated: true };
    expect(stateAfter(present({ paused: false }), stored)).toEqual(unpaused);
    const [created, updated] = ['created', 'updated'].map((end) =>
      known(connectionOf(stored), end),
    );
    expect(created).toEqual({ ...found, isNew: true, isUpdated: false });
    expect(updated).toEqual({ ...found, isUpdated: true });
  });
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

  test('is refused for the connection that copy_from names', () => {
    expect(planAbsent({ ...spec, source: 'open_mosaic' }, connectionOf({}))).toMatchObject({
      action: 'refuse',
      message: expect.stringMatching(/open_mosaic is the one that copy_from names/),
      hint: expect.stringMatching(/^Name the copy in config or connection_id/),
    });
  });

  test.each([
    ['crm.v2', 'crm_v2', 'crm_v2'],
    ['CRM', 'crm', 'CRM'],
    ['CRM', 'crm', 'crm'],
    ['CRM', 'crm', 'Crm'],
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
    ['group_id', { group_id: 'Decent_Dropsy' }],
  ])('is refused when its %s is missing or different', (field, answer) => {
    expect(planAbsent(spec, connectionOf(answer))).toMatchObject({
      action: 'refuse',
      message: expect.stringContaining(
        `its ${field} is ${Object.values(answer)[0] ?? 'unknown'}, but the step expects `,
      ),
      shortReason: `another ${field}`,
    });
  });
});
