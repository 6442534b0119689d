import { type Break, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing, openSandbox } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';
import type { Fault } from '../sandbox/faults.mjs';

const none = { group_id: '', service: '', config: '', destination_schema_names: '' };
const byId = { ...none, state: 'absent', connection_id: 'crm_id' };
const byName = { ...none, state: 'absent', group_id: 'decent_dropsy', config: { schema: 'crm' } };
const ways = [
  ['by its id', byId, 'read'],
  ['by group and name', byName, 'look up'],
] as const;
const others = [
  existing({ id: 'longer_id', config: { schema: 'crm_2' } }),
  existing({ id: 'elsewhere_id', group_id: 'quaint_harbor' }),
];
const connections = [existing()];

describe.each(ways)('%s', (_way, inputs, find) => {
  test('deletes the connection and no other', async () => {
    const run = await runStep({ inputs }, { connections: [existing(), ...others] });
    expect(run.sent).toEqual([find, 'delete']);
    expect(run.requests[1]?.path).toBe('/v1/connections/crm_id');
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ result: 'deleted', connection_id: 'crm_id' });
    expect(run.ids).toEqual(['longer_id', 'elsewhere_id']);
    expect(run.annotations).toEqual([]);
    expect(run.log).toContain('crm_id was deleted');
    expect(run.summary).toMatch(/crm_id|crm/);
    // There are no links to a deleted connection.
    expect(run.outputs.dashboard_url).toBe('');
    expect(run.printed).not.toContain('/dashboard/connections/');
  });

  test('is absent when the connection does not exist', async () => {
    const run = await runStep({ inputs }, { connections: others });
    expect(run.sent).toEqual([find]);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ result: 'absent', error: '' });
    expect(run.annotations).toEqual([]);
    for (const text of [run.log, readable(run.summary)]) expect(text).toMatch(/nothing to delete/);
    expect(run.ids).toHaveLength(2);
  });

  test('deleting twice succeeds', async () => {
    const sandbox = await openSandbox({ connections });
    const runs = [await runStep({ inputs }, { sandbox }), await runStep({ inputs }, { sandbox })];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs.map(({ outputs }) => outputs.result)).toEqual(['deleted', 'absent']);
  });

  test('refuses a connection of another service and keeps it', async () => {
    const run = await runStep({ inputs: { ...inputs, service: 'github' } }, { connections });
    expect(run.sent).toEqual([find]);
    expect(run.exitCode).toBe(1);
    expect(annotated(run, 'error')).toHaveLength(1);
    expect(failureOf(run)).toMatch(/crm_id .*service is 15five.* github/);
    expect(run.ids).toEqual(['crm_id']);
  });

  test.each<Break>([
    { kind: 'html', status: 404 },
    { kind: 'status', status: 404, body: { code: 'NotFound', message: 'There is no such path' } },
    { kind: 'status', status: 404, body: { code: 'RouteUnknown', message: 'no' } },
  ])('a 404 that is not about the connection does not count as absent: %j', async (fault) => {
    const run = await runStep({ inputs }, { connections, faults: [on(find, fault)] });
    expect(run.sent).toEqual([find]);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toContain('404');
    expect(run.outputs.result).toBe('');
    expect(run.ids).toEqual(['crm_id']);
  });
});

test('an answer about another id deletes nothing', async () => {
  const data = { id: 'another_id', schema: 'sales', service: '15five', group_id: 'decent_dropsy' };
  const body = { code: 'Success', data };
  const run = await runStep(
    { inputs: byId },
    {
      connections: [existing(), existing({ id: 'another_id', config: { schema: 'sales' } })],
      faults: [on('read', { kind: 'status', status: 200, body, nth: 'all' })],
    },
  );
  expect(run.sent).toEqual(Array(4).fill('read'));
  expect(run.exitCode).toBe(1);
  expect(run.ids).toEqual(['crm_id', 'another_id']);
});

test('a connection of another group is refused and kept', async () => {
  const run = await runStep({ inputs: { ...byId, group_id: 'quaint_harbor' } }, { connections });
  expect(run.sent).toEqual(['read']);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/group_id is decent_dropsy.* quaint_harbor/);
});

test.each(['../groups/decent_dropsy', 'a?limit=1', 'a/b', '.', '..', 'a#b'])(
  'the id %s reaches no other endpoint',
  async (connection_id) => {
    const { requests } = await runStep({ inputs: { ...byId, connection_id } });
    expect(requests).not.toEqual([]);
    const elsewhere = requests.filter(({ path }) => !/^\/v1\/connections\/[^/]+$/.test(path));
    expect(elsewhere).toEqual([]);
  },
);

test.each(['NotFound_Connection', 'NotFound_Connector', 'NotFound_Integration'])(
  'a 404 with code %s means absent, also during a delete',
  async (code) => {
    const gone = { kind: 'status', status: 404, body: { code, message: 'Gone' } } as const;
    const before = await runStep({ inputs: byId }, { faults: [on('read', gone)] });
    expect([before.sent, before.outputs.result]).toEqual([['read'], 'absent']);
    const meanwhile = await runStep(
      { inputs: byId },
      { connections, faults: [on('delete', gone)] },
    );
    expect([meanwhile.sent, meanwhile.outputs.result]).toEqual([['read', 'delete'], 'absent']);
    expect(meanwhile.log).toContain('Connection crm_id was already gone.');
    expect(meanwhile.log).not.toContain('Deleted connection');
    expect(meanwhile.exitCode).toBe(0);
  },
);

test.each<Break>([
  { kind: 'html', status: 404 },
  { kind: 'status', status: 404, body: { code: 'NotFound', message: 'no' } },
  { kind: 'status', status: 403 },
])('a deletion that is refused is an error: %j', async (fault) => {
  const run = await runStep({ inputs: byId }, { connections, faults: [on('delete', fault)] });
  expect(run.sent).toEqual(['read', 'delete']);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toContain('Could not delete connection crm_id');
  expect(failureOf(run)).not.toMatch(/unknown/);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
  expect(run.ids).toEqual(['crm_id']);
});

test('a hint that cannot be looked up does not fail a step that has nothing to do', async () => {
  const run = await runStep(
    { inputs: { state: 'absent', service: 's3', config: { schema: 'lake', table: 'pr_7' } } },
    { faults: [on('look up', { kind: 'reset', nth: [2, 3, 4, 5] })] },
  );
  expect(run.exitCode).toBe(0);
  expect(run.outputs.result).toBe('absent');
});

const runWith = (faults: Fault[], inputs: object = byId) =>
  runStep({ inputs: { ...inputs } }, { connections: [existing()], faults });

test.each<Break>([
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'cut' },
  { kind: 'html', status: 502, when: 'after' },
  { kind: 'status', status: 500, nth: [1, 2, 3], when: 'after' },
])('a deletion whose answer is lost is confirmed: %j', async (fault) => {
  const run = await runWith([on('delete', fault)]);
  expect(run.sent.slice(0, 3)).toEqual(['read', 'delete', 'delete']);
  expect(run.outputs).toMatchObject({ result: 'deleted', connection_id: 'crm_id' });
  expect(run.exitCode).toBe(0);
  expect(run.connections).toEqual([]);
});

test('an answer about another connection does not count as a deletion', async () => {
  const body = { code: 'Success', data: { id: 'other_id' } };
  const run = await runWith([on('delete', { kind: 'status', status: 200, body, nth: 'all' })]);
  expect(run.exitCode).toBe(1);
  expect(run.outputs.result).toBe('');
  expect(failureOf(run)).toMatch(/crm_id exists/);
});

test('a look-up whose answer is lost is repeated', async () => {
  const run = await runWith([on('look up', { kind: 'cut' })], byName);
  expect(run.sent).toEqual(['look up', 'look up', 'delete']);
  expect(run.outputs.result).toBe('deleted');
});

describe('a deletion that is never answered', () => {
  const never = (when: 'before' | 'after') => on('delete', { kind: 'reset', when, nth: 'all' });

  test('but took effect is reported as deleted', async () => {
    // The first try deletes; the sandbox answers none of them.
    const run = await runWith([never('after')]);
    expect(run.sent).toEqual(['read', ...Array(4).fill('delete'), 'read']);
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ result: 'deleted', connection_id: 'crm_id' });
    expect(run.connections).toEqual([]);
  });

  test('and did not take effect fails and says that the connection exists', async () => {
    const run = await runWith([never('before')]);
    expect(run.sent).toEqual(['read', ...Array(4).fill('delete'), 'read']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/crm_id exists.*crm_id still existed/);
    expect(failureOf(run)).not.toMatch(/unknown/);
    expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
  });

  test.each(['before', 'after'] as const)(
    'and cannot be read afterwards is unknown (%s)',
    async (when) => {
      const unreadable = on('read', { kind: 'reset', nth: [2, 3, 4, 5] });
      const run = await runWith([never(when), unreadable]);
      expect(run.exitCode).toBe(1);
      expect(failureOf(run)).toMatch(/unknown whether connection crm_id was deleted/);
      expect(failureOf(run)).not.toMatch(/crm_id exists|was not deleted/);
      expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
    },
  );
});

describe.each<[string, Break]>([
  ["a proxy's 403", { kind: 'html', status: 403 }],
  ['401', { kind: 'status', status: 401 }],
  ['409', { kind: 'status', status: 409 }],
  ["a 404 without Fivetran's code", { kind: 'html', status: 404 }],
])('a deletion that is unanswered and then refused with %s', (_what, refusal) => {
  const then = on('delete', { ...refusal, nth: 2 });

  test('is deleted when the connection is gone', async () => {
    const run = await runWith([on('delete', { kind: 'reset', when: 'after' }), then]);
    expect(run.sent).toEqual(['read', 'delete', 'delete', 'read']);
    expect(run.outputs.result).toBe('deleted');
    expect(run.exitCode).toBe(0);
    expect(run.printed).not.toMatch(/crm_id exists/);
  });

  test('is not deleted when the connection still exists', async () => {
    const run = await runWith([on('delete', { kind: 'reset' }), then]);
    expect(run.sent).toEqual(['read', 'delete', 'delete', 'read']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/crm_id exists/);
    expect(run.outputs.result).toBe('');
  });

  test('is unknown when the connection cannot be read', async () => {
    const unreadable = on('read', { ...refusal, nth: 2 });
    const run = await runWith([on('delete', { kind: 'reset', when: 'after' }), then, unreadable]);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/unknown whether connection crm_id was deleted/);
    expect(failureOf(run)).not.toMatch(/crm_id exists/);
  });
});

test.each([{}, { status: 'ok' }, { code: 'InternalError' }])(
  'a delete answered with %j is not reported as deleted',
  async (body) => {
    const run = await runStep(
      { inputs: { state: 'absent' } },
      {
        connections: [existing()],
        faults: [on('delete', { kind: 'status', status: 200, body, nth: 'all' })],
      },
    );
    expect(run.ids).toEqual(['crm_id']);
    expect(run.exitCode).toBe(1);
    expect(run.outputs.result).toBe('');
    expect(run.printed).not.toMatch(/Deleted connection/);
  },
);
