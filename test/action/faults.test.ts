import { on } from '../agreement.ts';
import { closeAll } from '../fault-run.ts';
import { failureOf, inputsFor, openSandbox, runStep } from '../fault-step.ts';
import type { Fault } from '../sandbox/faults.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';

afterEach(closeAll);

/** A step against a sandbox with these faults; none of them makes it wait. */
async function stepWith(faults: Fault[], more: SandboxOptions = {}, inputs = {}) {
  const sandbox = await openSandbox({ faults, ...more });
  const result = await runStep({ inputs: { ...inputsFor(sandbox), ...inputs } });
  const sent = sandbox.requests.map(({ method, path }) => `${method} ${path}`);
  const ids = sandbox.connections.map(({ id }) => id);
  return { ...result, failure: failureOf(result), ids, sent };
}

const LOST: Fault = on('create', { kind: 'reset', when: 'after' });

test.each<Fault>([
  LOST,
  on('create', { kind: 'status', status: 502, when: 'after' }),
  on('create', { kind: 'empty' }),
  on('create', { kind: 'cut' }),
])('a create whose answer is lost is found and finished: %j', async (fault) => {
  const { exitCode, outputs, ids, sent, log, summary } = await stepWith([fault]);
  expect(ids).toHaveLength(1);
  expect(sent).toEqual([
    'POST /v1/connections',
    'GET /v1/connections',
    `POST /v1/connections/${ids[0]}/test`,
  ]);
  expect(outputs).toMatchObject({
    connection_id: ids[0],
    result: 'created',
    setup_state: 'connected',
    failed_tests: '[]',
  });
  expect(JSON.parse(outputs.setup_tests ?? '')).toHaveLength(3);
  expect(log).toMatch(/unknown: looking for crm/);
  expect(log).toMatch(new RegExp(`Found connection ${ids[0]}, which this step created`));
  expect(summary).toContain(`${ids[0]} was created and is connected`);
  expect(exitCode).toBe(0);
});

test('a lost create is known again on a server whose clock is an hour off', async () => {
  for (const clockSkewMs of [3_600_000, -3_600_000]) {
    const { exitCode, outputs, ids } = await stepWith([LOST], { clockSkewMs });
    expect(outputs).toMatchObject({ connection_id: ids[0], result: 'created' });
    expect(exitCode).toBe(0);
  }
});

test.each(['before', 'after'] as const)(
  'a create without a name that fails %s it is processed may exist',
  async (when) => {
    const faults = [on('create', { kind: 'status', when })];
    const { exitCode, outputs, failure, sent, summary } = await stepWith(
      faults,
      {},
      { config: '' },
    );
    expect(sent).toEqual(['POST /v1/connections']);
    expect(outputs.connection_id).toBeUndefined();
    expect(outputs.result).toBe('');
    expect(failure).toMatch(/answered 500.* may exist now/);
    expect(summary).toMatch(/may exist now/);
    expect(exitCode).toBe(1);
  },
);

test('a connection that was there before is named and left alone', async () => {
  for (const conflictStatus of [400, 409] as const) {
    const connections = [{ id: 'older_one', schema: 'crm' }];
    const { exitCode, outputs, failure, ids } = await stepWith([LOST], {
      connections,
      conflictStatus,
    });
    expect(ids).toEqual(['older_one']);
    expect(outputs.result).toBe('');
    expect(failure).toMatch(/older_one.*another name in config/);
    expect(exitCode).toBe(1);
  }
});

test('tests that are refused leave the outputs of what was made', async () => {
  const faults = [on('test', { kind: 'status', status: 403 })];
  const { exitCode, outputs, failure, ids } = await stepWith(faults, {
    scenario: 'incomplete-once',
  });
  expect(outputs).toMatchObject({
    connection_id: ids[0],
    result: 'created',
    setup_state: 'incomplete',
    schema: 'crm',
  });
  expect(failure).toMatch(new RegExp(`^Connection ${ids[0]} was created\\. .*403`));
  expect(exitCode).toBe(1);
});

test('a rate limit that asks for over ten minutes fails the step at once', async () => {
  const headers = { 'Retry-After': '3600' };
  const { exitCode, failure, sent } = await stepWith([
    on('create', { kind: 'rate-limit', headers }),
  ]);
  expect(sent).toHaveLength(1);
  expect(failure).toMatch(/3600 s.*over 10 minutes/);
  expect(exitCode).toBe(1);
});
