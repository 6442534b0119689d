import { failureOf } from '../harness/reading.ts';
import type { VirtualWorld } from '../harness/run-step.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { isPaused, open, run } from './table-selection-shop.ts';

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
