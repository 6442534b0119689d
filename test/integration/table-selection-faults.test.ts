import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { capturedConfig } from '../sandbox/api/schemas/config.mjs';
import type { Fault } from '../sandbox/faults.mjs';
import { isPaused, open, run, shop, source, wanted } from './table-selection-shop.ts';

describe('a reload that a gateway gives up on', () => {
  const path = '/v1/connections/{id}/schemas/reload';
  const timeOut: Fault = { method: 'POST', path, kind: 'status', status: 504 };

  /** Runs the step while the first reload takes effect after some minutes. */
  async function runWithLateReload(minutes: number, inputs: object = {}) {
    const sandbox = await open({ faults: [timeOut] });
    let isDone = false;
    const onWait: VirtualWorld['onWait'] = ({ ms }) => {
      const { state } = sandbox;
      const [stored] = state.connections.values();
      if (isDone || !stored || ms < minutes * 60_000) return;
      isDone = true;
      stored.schemaConfig = capturedConfig(state, stored, 'EXCLUDE');
    };
    return { sandbox, step: await run(sandbox, inputs, { onWait }) };
  }

  test.each([0, 1, 25, 59])('ends %i minutes later, before the selection', async (minutes) => {
    const { sandbox, step } = await runWithLateReload(minutes);
    expect(failureOf(step)).toBe('');
    expect(step.sent.filter((name) => name === 'reload schemas')).toHaveLength(1);
    expect(sandbox.selection(step.ids[0] ?? '')).toEqual(wanted);
    expect(isPaused(sandbox)).toBe(false);
  });

  test('is given up after an hour, with the connection paused, and a re-run completes it', async () => {
    const { sandbox, step } = await runWithLateReload(600);
    expect(step.exitCode).toBe(1);
    expect(step.sent.filter((name) => name === 'reload schemas')).toHaveLength(1);
    expect(step.sent).not.toContain('patch schemas');
    expect(step.outputs.error).toMatch(/stays paused, because .* the reload may still end/);
    expect(isPaused(sandbox)).toBe(true);
    expect(failureOf(await run(sandbox))).toBe('');
    expect(isPaused(sandbox)).toBe(false);
  });
});

test('a reload may take an hour, and the log says so', async () => {
  const path = '/v1/connections/{id}/schemas/reload';
  const faults: Fault[] = [{ method: 'POST', path, kind: 'hang' }];
  const step = await runStep({ inputs: shop }, { sourceTree: { postgres: source }, faults });
  expect(step.log).toMatch(
    /Waiting for Fivetran to reload the schemas .* so far, at most 60 min\./,
  );
  expect(step.log).toContain('no complete response within 3600 s');
});

describe('after any fault, the connection is paused or complete, and a re-run finishes', () => {
  const id = '/v1/connections/{id}';
  const saysPaused =
    /^Connection \w+ was created( and stays paused, because|\. .*?(stays paused, although|may still be paused:))/;
  const requests: Pick<Fault, 'method' | 'path'>[] = [
    { method: 'GET', path: `${id}/schemas` },
    { method: 'POST', path: `${id}/schemas/reload` },
    { method: 'GET', path: `${id}/schemas/public/tables/users/columns` },
    { method: 'PATCH', path: `${id}/schemas` },
    { method: 'PATCH', path: id },
  ];
  const faults: Omit<Fault, 'method' | 'path'>[] = [
    { kind: 'reset', when: 'before' },
    { kind: 'reset', when: 'after' },
    { kind: 'status', status: 500, when: 'after' },
    { kind: 'status', status: 403 },
    { kind: 'status', status: 409 },
    { kind: 'rate-limit', headers: { 'Retry-After': '3' } },
    { kind: 'invalid-json' },
    { kind: 'cut-json' },
  ];
  const cases = requests.flatMap((request) =>
    faults.flatMap((fault) =>
      ([1, 2, [1, 2], 'all'] as const).map((nth) => ({ ...request, ...fault, nth })),
    ),
  );

  let failed = 0;
  afterAll(() => expect(failed).toBeGreaterThan(0));

  test.each(cases)('$method $path: $kind $status $when, $nth', async (given) => {
    const fault = { ...given } as Fault;
    const sandbox = await open({ faults: [fault] });
    const step = await run(sandbox);
    if (step.exitCode !== 0) {
      failed++;
      expect(failureOf(step)).toContain(step.ids[0]);
      expect(step.outputs).toMatchObject({ connection_id: step.ids[0], result: 'created' });
      expect(step.outputs.error).toMatch(saysPaused);
    }
    fault.nth = [];
    const again = await run(sandbox);
    expect(failureOf(again)).toBe('');
    expect(isPaused(sandbox)).toBe(false);
  });

  test.each(requests)('a cancellation during $method $path', async ({ method, path = '' }) => {
    let cancel = (): void => {};
    const pattern = new RegExp(`^${method} ${path.replace('{id}', '[^/]+')}:`);
    const sandbox = await open({
      log: (line) => {
        if (pattern.test(line)) cancel();
      },
    });
    const onLine: VirtualWorld['onLine'] = (_, controls) => {
      cancel = controls.cancel;
    };
    const step = await run(sandbox, {}, { onLine });
    cancel = () => {};
    expect(step.exitCode).toBe(1);
    expect(step.ids).toHaveLength(1);
    expect(failureOf(step)).toContain(step.ids[0]);
    expect(step.outputs.error).toMatch(saysPaused);
    const again = await run(sandbox);
    expect(failureOf(again)).toBe('');
    expect(isPaused(sandbox)).toBe(false);
  });
});
