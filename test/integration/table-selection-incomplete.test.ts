import { answeringCreate, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import {
  isPaused,
  open,
  openExisting,
  paused,
  refused,
  run,
  runAny,
  synced,
} from './table-selection-shop.ts';

const connected = {
  status: { setup_state: 'connected', sync_state: 'scheduled' },
  setup_tests: [{ title: 'Connecting', status: 'PASSED', message: '' }],
};

const failing = [{ title: 'Connecting', status: 'FAILED', message: 'No' }];
test.each([
  ['a failed setup', { scenario: 'failed-tests' }],
  ['an incomplete setup', { scenario: 'incomplete' }],
  ['a failed test alone', answeringCreate({ ...connected, setup_tests: failing })],
])('%s keeps the selection from being applied, and a warning says so', async (_, options) => {
  const step = await run(await open(options));
  expect(step.sent).not.toContain('read schemas');
  expect(isPaused(step.sandbox)).toBe(true);
  expect(annotated(step, 'warning').join()).toMatch(
    /selection .* not applied.*has not succeeded\. It stays paused\. Once it has, run/,
  );
});

test('a connection that is deleted after a refused approval is not said to stay paused', async () => {
  const faults = [on('approve key', refused)];
  const sandbox = await open({ scenario: 'host-key-unknown', faults });
  const inputs = { on_failed_tests: 'delete', trusted_fingerprints: hostKeyFingerprint };
  const step = await run(sandbox, inputs);
  expect(step.sent).toEqual(['look up', 'create', 'approve key', 'delete']);
  expect(step.outputs.error).toMatch(/Could not approve the host key/);
  expect(step.outputs.error).not.toMatch(/stays paused|selection/);
});

test('a connection that is deleted because its setup failed has no selection to complete', async () => {
  const sandbox = await open({ scenario: 'failed-tests' });
  const step = await run(sandbox, { on_failed_tests: 'delete' });
  expect(step.outputs.result).toBe('deleted');
  expect(step.printed).toContain('1 of 3 setup tests failed');
  expect(step.printed).not.toMatch(/selection of schemas|stays paused/);
});

test('a refusal before the selection does not speak of it when the connection existed before', async () => {
  const sandbox = await open();
  const { ids } = await run(sandbox, paused);
  sandbox.fault(on('test', refused));
  const step = await run(sandbox, paused);
  expect(step.exitCode).toBe(1);
  expect(step.outputs.error).toContain(
    `Connection ${ids[0]} exists. Could not run the setup tests`,
  );
});

test.each([400, 403, 409])(
  'a refusal (%i) to unpause says first that the connection stays paused',
  async (status) => {
    const step = await run(await open({ faults: [on('patch', { kind: 'status', status })] }));
    expect(step.outputs.error).toContain(
      `Connection ${step.ids[0]} stays paused, although its selection is applied: Could not update`,
    );
  },
);

test('a setup test that cannot run again says that the new connection stays paused', async () => {
  const faults = [on('test', refused)];
  const step = await run(await open({ faults, scenario: 'incomplete-once' }));
  expect(step.outputs.error).toContain('stays paused, because');
});

test.each([
  ['an existing', () => openExisting({ ...synced, paused: false })],
  ['a new', () => open(answeringCreate({ paused: false, ...connected }))],
] as const)('%s connection that runs is not said to stay paused', async (_, opened) => {
  const sandbox = await opened();
  sandbox.fault(on('read schemas', refused));
  const { outputs } = await runAny(sandbox);
  expect(outputs.error).toMatch(
    /Connection \w+ is not paused, and its selection could not be completed: .* 403/,
  );
  expect(outputs.error).not.toContain('stays paused');
});

describe('a new connection that Fivetran does not say is paused', () => {
  test('is unpaused once its selection is applied', async () => {
    const step = await run(await open(answeringCreate(connected)));
    expect(failureOf(step)).toBe('');
    expect(bodies(step, 'patch')).toMatchObject([{ paused: false }]);
  });

  test('stays paused when its selection cannot be applied', async () => {
    const sandbox = await open(answeringCreate(connected));
    sandbox.fault(on('read schemas', refused));
    const { outputs } = await run(sandbox);
    expect(outputs.error).toMatch(/stays paused, because its selection .* 403/);
  });
});

test.each([
  ['cannot be read', [on('read', { ...refused, nth: 'all' })]],
  ['is read as paused', []],
])('an unanswered unpause leaves its effect open when the connection %s', async (_, faults) => {
  const unanswered = on('patch', { kind: 'reset', nth: 'all' });
  const { outputs } = await run(await open({ faults: [unanswered, ...faults] }));
  expect(outputs.error).toContain('is applied, but the connection may still be paused: ');
});

test('a defect of the action is not reported as an answer from Fivetran', async () => {
  const onLine = (line: string): void => {
    if (line.startsWith('Updating the selection')) throw new TypeError('x is not a function');
  };
  const step = await run(await open(), {}, { onLine });
  expect(step.exitCode).toBe(1);
  expect(step.outputs.error).toContain('Internal error: x is not a function.');
  expect(step.outputs.error).not.toContain('Could not');
});
