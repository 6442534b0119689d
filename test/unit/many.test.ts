import { closeAll, sandboxOn } from '../fault-run.ts';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { virtualClock } from '../virtual-clock.ts';
import { heldClock, quiet, runMany, until } from './many-run.ts';

afterEach(closeAll);

const namesOf = (count: number) => Array.from({ length: count }, (_, at) => `source_${at + 1}`);

describe('waiting for syncs', () => {
  const fates: Record<string, string> = {
    endless_1: 'sync-never-ends',
    endless_2: 'sync-never-ends',
    failing: 'sync-fails',
    untested: 'failed-tests',
  };
  const options: SandboxOptions = {
    syncSeconds: 0,
    scenarioFor: ({ config }) => fates[String((config as { schema: string }).schema)],
  };

  test('is for all of them together: none waits for another to end', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, options);
    const names = ['endless_1', 'endless_2', 'failing', 'untested', 'good_1', 'good_2'];
    const spec = { wait_for_sync: true, sync_timeout_minutes: 1 };
    const { ended, failure, lines } = await runMany(names, spec, { sandbox, clock, atOnce: 2 });

    const said = Object.entries(ended).map(([name, { error }]) => [
      name,
      /The sync .*?(?=[.,;])|failed: .*(?=\.)/.exec(error ?? '')?.[0],
    ]);
    expect(Object.fromEntries(said)).toEqual({
      endless_1: expect.stringMatching(/^The sync did not end within 1 min/),
      endless_2: expect.stringMatching(/^The sync did not end within 1 min/),
      failing: expect.stringMatching(/^The sync failed after/),
      untested: 'failed: Validating credentials',
      good_1: undefined,
      good_2: undefined,
    });
    expect(failure).toMatch(
      /^4 of 6 connections failed: endless_1, endless_2, failing, untested\./,
    );
    expect(lines.filter((line) => /^good_1: .*The sync succeeded after/.test(line))).toHaveLength(
      1,
    );

    const sent = sandbox.requests.map(
      ({ method, path }) => `${method} ${path.split('/')[4] ?? ''}`,
    );
    const lastCreate = sandbox.requests.map(({ path }) => path).lastIndexOf('/v1/connections');
    const syncs = sent.flatMap((one, at) => (one === 'POST sync' ? [at] : []));
    expect(syncs).toHaveLength(5);
    expect(Math.min(...syncs)).toBeGreaterThan(lastCreate);
    // The two that never end are still asked about when the last sync has been started.
    const idOf = (name: string) => sandbox.connections.find(({ schema }) => schema === name)?.id;
    for (const name of ['endless_1', 'endless_2']) {
      const polls = sandbox.requests.map(({ path }) => path);
      expect(polls.lastIndexOf(`/v1/connections/${idOf(name)}`)).toBeGreaterThan(
        Math.max(...syncs),
      );
    }
  });

  test('tells every 15 s how far it is', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, options);
    const spec = { wait_for_sync: true, sync_timeout_minutes: 2 };
    const { lines } = await runMany(['good', 'endless_1'], spec, { sandbox, clock, atOnce: 2 });
    const state = lines.filter((line) => line.startsWith('Progress: '));
    expect(state.length).toBeGreaterThanOrEqual(8);
    expect(state.at(-1)).toBe('Progress: 1 of 2 connections done, 0 failed.');
  });

  test('never has more requests under way than max_parallel', async () => {
    const clock = virtualClock();
    const sandbox = await sandboxOn(clock, { ...options, latencyMs: 2 });
    const names = namesOf(12);
    await runMany(names, { wait_for_sync: true }, { sandbox, clock, atOnce: 3 });
    expect(sandbox.requests).toHaveLength(48);
    expect(Math.max(...sandbox.requests.map(({ inFlight }) => inFlight))).toBe(3);
  });
});

describe('after a 429', () => {
  const limited = { kind: 'rate-limit', headers: { 'Retry-After': '60' } } as const;

  test('nothing is sent by any connection until the wait is over', async () => {
    const { clock, sleeping, wake } = heldClock();
    const faults = [{ ...limited, method: 'POST', nth: 6 }];
    const sandbox = await sandboxOn(virtualClock(), { faults });
    let over = false;
    const run = runMany(namesOf(40), {}, { sandbox, clock, atOnce: 4 }).finally(() => {
      over = true;
    });
    await until(() => sleeping() === 4 || over);
    await quiet(() => sandbox.requests.length);
    // The other three were on their way, and may have been answered and followed before it was read.
    expect(sandbox.requests.length).toBeLessThanOrEqual(12);
    expect(sandbox.requests.filter(({ status }) => status === 429)).toHaveLength(1);
    wake();
    const { failure } = await run;
    expect(failure).toBe('');
    expect(sandbox.connections).toHaveLength(40);
    expect(sandbox.requests).toHaveLength(41);
  });

  test('nothing is sent either by those that wait for their turn to send', async () => {
    const { clock, sleeping, wake } = heldClock();
    const sandbox = await sandboxOn(virtualClock(), { syncSeconds: 0 });
    const names = namesOf(9);
    let over = false;
    const spec = { wait_for_sync: true };
    const run = runMany(names, spec, { sandbox, clock, atOnce: 1 }).finally(() => {
      over = true;
    });
    await until(() => sandbox.connections.length === names.length || over);
    // Now all nine want to send at once, and one of them may.
    sandbox.fault({ ...limited, path: '/v1/connections/{id}', method: 'GET' });
    await until(() => sleeping() > 0 || over);
    await quiet(() => sandbox.requests.length);
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'GET', status: 429 });
    for (let rounds = 0; !over && rounds < 100; rounds++) {
      await until(() => sleeping() > 0 || over);
      wake();
    }
    expect((await run).failure).toBe('');
  });
});
