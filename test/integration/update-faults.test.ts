import { type Break, on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { Fault } from '../sandbox/faults.mjs';

const inputs = { if_exists: 'update', sync_frequency: 5 };
const patched = { sync_frequency: 5 };

const runWith = (faults: Fault[], more = {}) =>
  runStep({ inputs: { ...inputs, ...more } }, { connections: [existing()], faults });

test.each<Break>([
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'cut' },
  { kind: 'invalid-json', when: 'after' },
  { kind: 'empty' },
  { kind: 'no-id' },
  { kind: 'status', status: 502, when: 'after' },
])('a patch whose answer is lost is repeated: %j', async (fault) => {
  const run = await runWith([on('patch', fault)]);
  expect(run.sent).toEqual(['look up', 'patch', 'patch']);
  expect(bodies(run, 'patch')).toEqual([patched, patched]);
  expect(run.outputs).toMatchObject({ result: 'updated', connection_id: 'crm_id' });
  expect(run.exitCode).toBe(0);
  expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 5 }]);
});

describe('a patch that is never answered', () => {
  const never = (when: 'before' | 'after') => on('patch', { kind: 'reset', when, nth: 'all' });

  test('but applied is recognized, and the setup tests run', async () => {
    const run = await runWith([never('after')]);
    expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read', 'test']);
    expect(run.outputs).toMatchObject({ result: 'updated', setup_state: 'connected' });
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
    expect(run.log).toMatch(
      /Could not update connection crm_id: .*taken effect anyway; reading connection crm_id[\s\S]*The update of connection crm_id was applied/,
    );
  });

  test('and not applied fails and names what still differs', async () => {
    const run = await runWith([never('before')]);
    expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(
      /Could not update connection crm_id.*sync_frequency\. The update may still take effect/,
    );
    expect(failureOf(run)).not.toMatch(/unknown whether|was updated/);
    expect(run.outputs.result).toBe('');
  });

  test('and cannot be read either is unknown', async () => {
    const unreadable = on('read', { kind: 'status', status: 403, nth: 'all' });
    const run = await runWith([never('after'), unreadable]);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/Could not update .* Could not read connection crm_id: .*403/);
    expect(failureOf(run)).toMatch(/unknown whether the update of connection crm_id took effect/);
    expect(run.outputs.result).toBe('');
  });

  test('with a secret, which cannot be read back, is unknown', async () => {
    const run = await runWith([never('after')], {
      config: { schema: 'crm', api_key: 'new key 1' },
    });
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/unknown whether the update of connection crm_id took effect/);
    expect(failureOf(run)).toMatch(/match the spec; the others cannot be verified/);
    expect(run.outputs.result).toBe('');
  });

  test('and whose connection is gone afterwards says so', async () => {
    const run = await runStep(
      { inputs },
      {
        connections: [existing()],
        faults: [never('before')],
        onWait: ({ ms, sandbox }) => ms >= 3500 && sandbox.state.connections.clear(),
      },
    );
    expect(run.sent.at(-1)).toBe('read');
    expect(failureOf(run)).toMatch(/crm_id no longer exists/);
  });
});

describe.each<[string, Break]>([
  ['401', { kind: 'status', status: 401 }],
  ["a proxy's 403", { kind: 'html', status: 403 }],
  ['409', { kind: 'status', status: 409 }],
  ["a 404 without Fivetran's code", { kind: 'html', status: 404 }],
])('a patch that is unanswered and then refused with %s', (_what, refusal) => {
  test('was applied, when the connection shows it', async () => {
    const lost = on('patch', { kind: 'reset', when: 'after' });
    const run = await runWith([lost, on('patch', { ...refusal, nth: 2 })]);
    expect(run.sent).toEqual(['look up', 'patch', 'patch', 'read', 'test']);
    expect(run.outputs.result).toBe('updated');
    expect(run.exitCode).toBe(0);
  });

  test('was not applied, when the connection shows that', async () => {
    const lost = on('patch', { kind: 'reset' });
    const run = await runWith([lost, on('patch', { ...refusal, nth: 2 })]);
    expect(run.sent).toEqual(['look up', 'patch', 'patch', 'read']);
    expect(failureOf(run)).toMatch(/Could not update connection crm_id.*sync_frequency/);
    expect(run.outputs.result).toBe('');
    expect(run.exitCode).toBe(1);
  });
});

test('a patch answered with another connection is ignored', async () => {
  const body = { code: 'Success', data: { id: 'another_id', sync_frequency: 5 } };
  const run = await runWith([on('patch', { kind: 'status', status: 200, body, nth: 'all' })]);
  expect(run.sent).toEqual(['look up', ...Array(4).fill('patch'), 'read']);
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ connection_id: 'crm_id', result: '' });
});
