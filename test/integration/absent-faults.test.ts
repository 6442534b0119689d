import { type Break, on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { Fault } from '../sandbox/faults.mjs';

const none = { group_id: '', service: '', config: '', destination_schema_names: '' };
const byId = { ...none, state: 'absent', connection_id: 'crm_id' };
const byName = { ...none, state: 'absent', group_id: 'decent_dropsy', config: { schema: 'crm' } };

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
