import fc from 'fast-check';
import { ending, expectAgreement, OLDER } from '../harness/agreement.ts';
import { type Break, type EndpointName, on } from '../harness/faults.ts';
import { seededRandom } from '../harness/random.ts';
import { runStep } from '../harness/run-step.ts';
import { timestampAt } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Fault } from '../sandbox/faults.mjs';

type OneBreak = Omit<Break, 'nth'>;

/** Faults with which a request may have been processed. */
const either: OneBreak[] = [
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'html', status: 502 },
  { kind: 'invalid-json' },
  { kind: 'empty', status: 200 },
  { kind: 'redirect' },
];

/** Faults that show whether the request was processed. */
const settled: OneBreak[] = [
  { kind: 'cut' },
  { kind: 'cut-json' },
  { kind: 'no-id' },
  { kind: 'slow', ms: 0 },
  { kind: 'rate-limit' },
  { kind: 'rate-limit', headers: { 'Retry-After': '200' } },
  { kind: 'rate-limit', headers: { 'Retry-After': 'Mon, 05 Jan 2026 12:01:00 GMT' } },
  { kind: 'status', status: 400 },
  { kind: 'status', status: 409 },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 404 },
];

const when = fc.constantFrom('before' as const, 'after' as const);
const broken: fc.Arbitrary<OneBreak> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(fc.constantFrom(...either), when)
      .map(([fault, when]) => ({ ...fault, when })),
  },
  { weight: 10, arbitrary: fc.constantFrom(...settled) },
  // These take real time, so there are few of them.
  { weight: 1, arbitrary: when.map((when) => ({ kind: 'huge' as const, when })) },
);

/** The worst look-up has unreadable items: it looks as if it found nothing. */
const unreadable = fc.constant<OneBreak>({ kind: 'no-id' });

/** For each request with this name, in order, its fault, if any. */
const faultsOn = (name: EndpointName): fc.Arbitrary<Fault[]> =>
  fc
    .array(fc.option(name === 'look up' ? fc.oneof(broken, unreadable) : broken), { maxLength: 5 })
    .map((breaks) =>
      breaks.flatMap((fault, index) => (fault ? [on(name, { ...fault, nth: index + 1 })] : [])),
    );

const worlds = fc.record({
  faults: fc
    .tuple(...(['create', 'look up', 'test'] as const).map(faultsOn))
    .map((faults) => faults.flat()),
  scenario: fc.constantFrom('connected', 'connected', 'incomplete-once', 'job-failed'),
  clockSkewMs: fc.constantFrom(0, 0, 3_600_000, -3_600_000),
  conflictStatus: fc.constantFrom(400 as const, 409 as const),
  seed: fc.noShrink(fc.integer()),
});

const clockOf = (seed: number) => virtualClock(seededRandom(seed));

test('under any fault, at most one connection exists, and the step names it', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ seed, ...world }) => {
      const run = await runStep({}, { ...world, clock: clockOf(seed) });
      expectAgreement(run);
      // A step whose connection matches its spec has succeeded.
      if (ending(run) === 'created') expect(run.outputs.setup_state).toBe('connected');
    }),
    { numRuns: 250 },
  );
});

test('under any fault, existing connections stay unchanged', async () => {
  const services = fc.constantFrom(OLDER.service, 'postgres');
  await fc.assert(
    fc.asyncProperty(worlds, services, async ({ seed, ...world }, service) => {
      const created_at = timestampAt(world.clockSkewMs - 3_600_000);
      const connections = [{ ...OLDER, service, created_at }];
      const run = await runStep({}, { ...world, connections, clock: clockOf(seed) });
      expectAgreement(run, [OLDER.id]);
      expect(run.ids).toEqual([OLDER.id]);
      expect(run.exitCode).toBe(1);
      expect(run.sent).not.toContain('test');
    }),
    { numRuns: 100 },
  );
});

test('without a name, a create that may have succeeded is never repeated', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ seed, ...world }) => {
      const run = await runStep({ inputs: { config: '' } }, { ...world, clock: clockOf(seed) });
      expectAgreement(run);
      expect(run.sent).not.toContain('look up');
    }),
    { numRuns: 100 },
  );
});
