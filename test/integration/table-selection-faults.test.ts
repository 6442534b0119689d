import { type Break, type EndpointName, on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { shortName } from '../harness/requests.ts';
import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { isPaused, open, run, shop, source } from './table-selection-shop.ts';

test('a reload may take an hour, and the log says so', async () => {
  const faults = [on('reload schemas', { kind: 'hang' })];
  const step = await runStep({ inputs: shop }, { sourceTree: { postgres: source }, faults });
  expect(step.log).toMatch(
    /Waiting for Fivetran to reload the schemas .* so far, at most 60 min\./,
  );
  expect(step.log).toContain('no complete response within 3600 s');
});

describe('after any fault, the connection is paused or complete, and a re-run finishes', () => {
  const saysPaused =
    /^Connection \w+ was created( and stays paused, because|\. .*?(stays paused, although|may still be paused:))/;
  const requests: EndpointName[] = [
    'read schemas',
    'reload schemas',
    'list columns',
    'patch schemas',
    'patch',
  ];
  const faults: Break[] = [
    { kind: 'reset', when: 'before' },
    { kind: 'reset', when: 'after' },
    { kind: 'status', status: 500, when: 'after' },
    { kind: 'status', status: 403 },
    { kind: 'status', status: 409 },
    { kind: 'rate-limit', headers: { 'Retry-After': '3' } },
    { kind: 'invalid-json' },
    { kind: 'cut-json' },
  ];
  const nths: NonNullable<Break['nth']>[] = [1, 2, [1, 2], 'all'];
  const cases = requests.flatMap((request) =>
    faults.flatMap((fault) => nths.map((nth) => ({ request, ...fault, nth }))),
  );

  let failed = 0;
  afterAll(() => expect(failed).toBeGreaterThan(0));

  test.each(cases)('$request: $kind $status $when, $nth', async ({ request, ...given }) => {
    const fault = on(request, given);
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

  test.each(requests)('a cancellation during %s', async (request) => {
    let cancel = (): void => {};
    const log = (): void => {
      const last = sandbox.requests.at(-1);
      if (last && shortName(last) === request) cancel();
    };
    const sandbox = await open({ log });
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
