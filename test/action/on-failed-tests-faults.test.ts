import { closeAll } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import { converging } from './converging.ts';
import { bodies } from './scene.ts';

afterEach(closeAll);

const remove = { method: 'DELETE', path: '/v1/connections/{id}' };

test('a connection whose create was not answered is this step’s as well', async () => {
  for (const on_failed_tests of ['pause', 'delete'] as const) {
    const { outputs, sent, sandbox } = await converging({
      spec: { on_failed_tests },
      scenario: 'failed-tests',
      faults: [{ method: 'POST', kind: 'reset', when: 'after' }],
    });
    expect(sent.slice(0, 3)).toEqual(['create', 'look up', 'test']);
    expect(outputs.result).toBe(on_failed_tests === 'pause' ? 'created' : 'deleted');
    expect(sandbox.connections).toHaveLength(on_failed_tests === 'pause' ? 1 : 0);
  }
});

test.each<Fault>([
  { ...remove, kind: 'reset' },
  { ...remove, kind: 'reset', when: 'after' },
  { ...remove, kind: 'status', status: 500, when: 'after' },
])('a deletion whose answer was lost is done: %j', async (fault) => {
  const run = await converging({
    spec: { on_failed_tests: 'delete' },
    scenario: 'failed-tests',
    faults: [fault],
  });
  expect(run.sent).toEqual(['create', 'delete', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.summary).toContain('was deleted');
  expect(run.sandbox.connections).toEqual([]);
});

test('a pausing whose answer was lost is done', async () => {
  const run = await converging({
    spec: { on_failed_tests: 'pause' },
    scenario: 'failed-tests',
    faults: [{ method: 'PATCH', kind: 'reset', when: 'after' }],
  });
  const pausing = { paused: true, run_setup_tests: false };
  expect(bodies(run.requests, 'patch')).toEqual([pausing, pausing]);
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'true' });
});

test.each([
  ['pause', 'PATCH'],
  ['delete', 'DELETE'],
] as const)('%s that is never answered is not known to be done or not', async (what, method) => {
  const run = await converging({
    spec: { on_failed_tests: what },
    scenario: 'failed-tests',
    faults: [{ method, kind: 'reset', when: 'after', nth: 'all' }],
  });
  expect(run.verdict.grade).toBe('failed');
  for (const text of [run.log, run.summary]) {
    expect(text).toMatch(/not known/);
    expect(text).not.toMatch(/was not carried out/);
  }
});

test('tests that failed count, also when an approval was refused on the way', async () => {
  const run = await converging({
    spec: { on_failed_tests: 'delete', trusted_fingerprints: [hostKeyFingerprint] },
    scenario: 'host-key-unknown',
    faults: [{ path: '/v1/connections/{id}/fingerprints', kind: 'status', status: 403 }],
  });
  expect(run.sent).toEqual(['create', 'approve key', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.verdict.grade).toBe('failed');
});
