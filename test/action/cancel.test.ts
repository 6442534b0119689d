import { on } from '../agreement.ts';
import { closeAll } from '../fault-run.ts';
import { failureOf, inputsFor, openSandbox, startStep } from '../fault-step.ts';
import type { Fault } from '../sandbox/faults.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';

afterEach(closeAll);

type Cancelled = SandboxOptions & {
  /** What the log of the sandbox or of the step says when it is time to cancel. */
  at: RegExp;
  signal?: NodeJS.Signals;
  inputs?: Record<string, string>;
};

/** Runs a step and cancels it at that point; it has to end by itself. */
async function cancel({ at, signal = 'SIGINT', inputs = {}, ...options }: Cancelled) {
  let kill = () => {};
  const watch = (text: string) => {
    if (at.test(text)) kill();
  };
  const sandbox = await openSandbox({ ...options, log: watch });
  const step = startStep({ inputs: { ...inputsFor(sandbox), ...inputs }, onOutput: watch });
  kill = () => void step.child.kill(signal);
  const result = await step.done;
  expect(result).toMatchObject({ exitCode: 1, signal: null });
  const failure = failureOf(result);
  expect(failure).toMatch(/cancelled/);
  return { ...result, failure, ids: sandbox.connections.map(({ id }) => String(id)), sandbox };
}

const LOST: Fault = on('create', { kind: 'reset', when: 'after' });
const MAY_EXIST = /A 15five connection named crm in group decent_dropsy may exist now: look for it/;

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test.each(['before', 'after'] as const)(
    'while a create hangs, %s it is processed',
    async (when) => {
      const faults = [on('create', { kind: 'hang', when })];
      const { failure, summary, outputs, ids } = await cancel({
        signal,
        faults,
        at: /POST \/v1\/connections: fault hang/,
      });
      expect(ids).toHaveLength(when === 'after' ? 1 : 0);
      expect(failure).toMatch(MAY_EXIST);
      expect(summary).toMatch(/may exist now/);
      expect(outputs.connection_id).toBeUndefined();
    },
  );

  test('while the setup tests hang', async () => {
    const faults = [on('test', { kind: 'hang' })];
    const { failure, outputs, ids, log, sandbox } = await cancel({
      signal,
      faults,
      scenario: 'incomplete-once',
      at: /test: fault hang/,
    });
    expect(outputs).toMatchObject({
      connection_id: ids[0],
      result: 'created',
      setup_state: 'incomplete',
    });
    expect(failure).toMatch(new RegExp(`^Connection ${ids[0]} was created\\.`));
    expect(failure).not.toMatch(/may exist/);
    expect(log).toMatch(new RegExp(`Connection ${ids[0]} exists: https://fivetran\\.com/`));
    expect(sandbox.requests).toHaveLength(2);
  });
});

test('while a create without a name hangs', async () => {
  const faults = [on('create', { kind: 'hang', when: 'after' })];
  const { failure } = await cancel({ faults, inputs: { config: '' }, at: /fault hang/ });
  expect(failure).toMatch(/of unknown name in group decent_dropsy may exist now/);
});

test('while a lost create is looked up', async () => {
  const faults = [LOST, on('look up', { kind: 'hang' })];
  const { failure, sandbox } = await cancel({ faults, at: /GET .*: fault hang/ });
  expect(failure).toMatch(MAY_EXIST);
  expect(sandbox.requests).toHaveLength(2);
});

test('while the tests of a lost create hang', async () => {
  const faults = [LOST, on('test', { kind: 'hang' })];
  const { failure, outputs, ids } = await cancel({ faults, at: /test: fault hang/ });
  expect(outputs).toMatchObject({ connection_id: ids[0], result: 'created' });
  expect(failure).toMatch(new RegExp(`^Connection ${ids[0]} was created\\.`));
});

test('while an answer drips in', async () => {
  const faults = [on('create', { kind: 'drip', ms: 1000 })];
  const { failure } = await cancel({ faults, at: /fault drip/ });
  expect(failure).toMatch(MAY_EXIST);
});

test('while it waits for the rate limit, nothing is sent any more', async () => {
  const headers = { 'Retry-After': '300' };
  const faults = [on('create', { kind: 'rate-limit', headers, nth: 'all' })];
  const { failure, ids, sandbox } = await cancel({ faults, at: /rate limit is reached/ });
  expect(sandbox.requests).toHaveLength(1);
  expect(ids).toEqual([]);
  expect(failure).not.toMatch(/may exist/);
});

test('while it waits before another try', async () => {
  const faults = [LOST, on('look up', { kind: 'reset', nth: 'all' })];
  const { failure, sandbox } = await cancel({ faults, at: /Try 2 of 4 follows/ });
  expect(failure).toMatch(MAY_EXIST);
  expect(sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
