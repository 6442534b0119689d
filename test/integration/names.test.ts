import { on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing, openSandbox } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';

const config = { schema: 'Marketing-EU' };
const stored = existing({ id: 'marketing_id', config: { schema: 'marketing_eu' } });

describe('a name that Fivetran normalizes', () => {
  test.each([
    ['Marketing-EU', 'marketing_eu'],
    ['plans.q1', 'plans_q1'],
  ])('is created once, and found again by the next run: %s', async (schema, normalized) => {
    const sandbox = await openSandbox();
    const inputs = { config: { schema }, if_exists: 'reuse' };
    const first = await runStep({ inputs }, { sandbox });
    const second = await runStep({ inputs }, { sandbox });
    expect([first, second].map(({ outputs }) => outputs.result)).toEqual(['created', 'reused']);
    expect(second.ids).toEqual([first.outputs.connection_id]);
    expect(second.outputs.schema).toBe(normalized);
  });

  test('is looked up as written, then as normalized', async () => {
    const inputs = { config, if_exists: 'reuse' };
    const run = await runStep({ inputs }, { connections: [stored] });
    const lookedUp = run.requests.flatMap(({ method, query }) =>
      method === 'GET' ? [query.schema] : [],
    );
    expect(lookedUp).toEqual(['Marketing-EU', 'marketing_eu']);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'marketing_id' });
  });

  test.each(['fail', 'reuse', 'update'])('with if_exists: %s warns of it', async (if_exists) => {
    const world = if_exists === 'fail' ? {} : { connections: [stored] };
    const run = await runStep({ inputs: { config, if_exists } }, world);
    expect(run.exitCode).toBe(0);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(/named the connection marketing_eu, not Marketing-EU/);
    }
  });

  test('is deleted by state: absent', async () => {
    const inputs = { state: 'absent', config, service: '', destination_schema_names: '' };
    const run = await runStep({ inputs }, { connections: [stored, existing()] });
    expect(run.outputs).toMatchObject({ result: 'deleted', connection_id: 'marketing_id' });
    expect(run.ids).toEqual(['crm_id']);
  });

  test('is warned of by a dry run', async () => {
    const inputs = { config: { ...config, api_key: 'key' }, dry_run: true };
    const run = await runStep({ inputs });
    expect(run.exitCode).toBe(0);
    expect(annotated(run, 'warning').join()).toMatch(/marketing_eu, not Marketing-EU/);
  });

  test('and that is taken fails with the id of the existing connection', async () => {
    const run = await runStep({ inputs: { config } }, { connections: [stored] });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toContain('marketing_id');
    expect(run.ids).toEqual(['marketing_id']);
  });
});

test('a normalized name is looked up once, without a warning', async () => {
  const run = await runStep({ inputs: { if_exists: 'reuse' } });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.printed).not.toMatch(/named the connection/);
});

describe('table on a service that has schemas only', () => {
  const inputs = { config: { schema: 'crm', table: 'contacts' } };

  test.each(['fail', 'reuse', 'update'])(
    'names the connection of the shorter name, and leaves it alone (if_exists: %s)',
    async (if_exists) => {
      const run = await runStep(
        { inputs: { ...inputs, if_exists, sync_frequency: 5 } },
        { connections: [existing({ sync_frequency: 60 })], conflictStatus: 409 },
      );
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(
        /409.* named crm, crm_id: the service may ignore config\.table\. .*remove table from config/,
      );
      expect(new Set(run.sent)).toEqual(new Set(['look up', 'create']));
      expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
      expect(run.outputs).toMatchObject({ result: '' });
    },
  );
});

describe('a refusal that is not about the name', () => {
  const file = { service: 's3', config: { schema: 'plans', table: 'q2', bucket: 'new' } };
  const other = {
    id: 'other_id',
    service: 's3',
    config: { schema: 'plans', bucket: 'old' },
  };
  const refused = [on('create', { kind: 'status', status: 400, nth: 'all' as const })];

  test.each(['fail', 'reuse', 'update'])(
    'ignores a connection whose name only starts the same (if_exists: %s)',
    async (if_exists) => {
      const run = await runStep(
        { inputs: { ...file, if_exists } },
        { connections: [other], faults: refused },
      );
      expect(run.exitCode).toBe(1);
      expect(run.sent).not.toContain('patch');
      expect(run.sent).not.toContain('test');
      expect(run.outputs.connection_id ?? '').toBe('');
      expect(failureOf(run)).toMatch(/^Could not create the connection: Fivetran answered 400/);
    },
  );
});

test.each([false, true])(
  'absent names the connection of the shorter name, and leaves it alone (dry_run: %s)',
  async (dry_run) => {
    const config = { schema: 'crm', table: 'accounts' };
    const run = await runStep(
      { inputs: { service: 'salesforce', config, state: 'absent', dry_run } },
      { connections: [{ id: 'crm_id', service: 'salesforce', config: { schema: 'crm' } }] },
    );
    expect(run.exitCode).toBe(0);
    expect(run.outputs.result).toBe(dry_run ? 'planned' : 'absent');
    expect(run.ids).toEqual(['crm_id']);
    expect(annotated(run, 'warning').join('\n')).toMatch(
      /named crm, crm_id: the service may ignore config\.table\./,
    );
  },
);

test.each([
  { schema: 'plans', table: 'q2' },
  // Fivetran makes it plans_q1.
  { schema: 'plans.q1' },
])('absent with %j leaves plans.q1 alone', async (config) => {
  const run = await runStep(
    { inputs: { service: 'google_sheets', config, state: 'absent' } },
    {
      connections: [
        { id: 'other_id', service: 'google_sheets', config: { schema: 'plans', table: 'q1' } },
      ],
    },
  );
  expect(run.outputs.result).toBe('absent');
  expect(run.ids).toEqual(['other_id']);
});

test('a hint that cannot be looked up does not hide why a create was refused', async () => {
  const run = await runStep(
    { inputs: { config: { schema: 'crm', table: 'contacts' } } },
    {
      faults: [
        on('create', { kind: 'status', status: 409 }),
        on('look up', { kind: 'reset', nth: [2, 3, 4, 5] }),
      ],
    },
  );
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/Could not create the connection: Fivetran answered 409/);
});

test.each(['fail', 'update'])(
  'a lost create is never found under a shorter name (if_exists: %s)',
  async (if_exists) => {
    const config = { schema: 'crm', table: 'contacts' };
    const run = await runStep(
      { inputs: { service: 's3', config, if_exists, on_failed_tests: 'delete' } },
      {
        scenario: 'failed-tests',
        connections: [existing({ service: 's3', config: { schema: 'crm' } })],
        faults: [on('create', { kind: 'reset' })],
      },
    );
    expect(run.ids).toEqual(['crm_id']);
    expect(run.outputs.result).toBe('deleted');
    expect(run.outputs.connection_id).not.toBe('crm_id');
  },
);
