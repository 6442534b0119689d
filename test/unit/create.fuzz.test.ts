import fc from 'fast-check';
import { ending, expectAgreement, OLDER, on, REQUESTS, type RequestName } from '../agreement.ts';
import { closeAll, moment, tryWith } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { seeded, virtualClock } from '../virtual-clock.ts';

afterEach(closeAll);

type Break = Omit<Fault, 'method' | 'path' | 'nth'>;

/** What may be processed or not, whatever comes back. */
const either: Break[] = [
  { kind: 'reset' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'html', status: 502 },
  { kind: 'invalid-json' },
  { kind: 'empty', status: 200 },
  { kind: 'redirect' },
];

/** What by its nature was processed, or by its status was not: Fivetran does not lie. */
const settled: Break[] = [
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
const broken: fc.Arbitrary<Break> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(fc.constantFrom(...either), when)
      .map(([fault, when]) => ({ ...fault, when })),
  },
  { weight: 10, arbitrary: fc.constantFrom(...settled) },
  // These take real time, so there are few of them.
  { weight: 1, arbitrary: when.map((when) => ({ kind: 'huge' as const, when })) },
  { weight: 1, arbitrary: when.map((when) => ({ kind: 'hang' as const, when })) },
);

/** A look-up whose items can't be read is the worst: it looks like one that found nothing. */
const unreadable = fc.constant<Break>({ kind: 'no-id' });

/** For each request of this name, in order, how it goes wrong, if it does. */
const row = (name: RequestName): fc.Arbitrary<Fault[]> =>
  fc
    .array(fc.option(name === 'look up' ? fc.oneof(broken, unreadable) : broken), { maxLength: 5 })
    .map((breaks) =>
      breaks.flatMap((fault, index) => (fault ? [on(name, { ...fault, nth: index + 1 })] : [])),
    );

const faults = fc
  .tuple(...(Object.keys(REQUESTS) as RequestName[]).map(row))
  .map((rows) => rows.flat());

const runs = fc.record({
  faults,
  scenario: fc.constantFrom('connected', 'connected', 'incomplete-once', 'job-failed'),
  clockSkewMs: fc.constantFrom(0, 0, 3_600_000, -3_600_000),
  conflictStatus: fc.constantFrom(400 as const, 409 as const),
  seed: fc.integer(),
});

/** Each hang costs as long as this. */
const timeoutSeconds = 0.2;

test('whatever goes wrong, one exists at the most, and the run says which', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ seed, ...options }) => {
      const clock = virtualClock(seeded(seed));
      const run = await tryWith({ ...options, clock, timeoutSeconds });
      expectAgreement(run);
      // A run that nothing is wrong with any more has succeeded.
      if (ending(run, run.ids) === 'created') expect(run.verdict.grade).toBe('passed');
    }),
    { numRuns: 250 },
  );
}, 60_000);

test('whatever goes wrong, what was there before stays what it was', async () => {
  const services = fc.constantFrom(OLDER.service, 'postgres');
  await fc.assert(
    fc.asyncProperty(runs, services, async ({ seed, ...options }, service) => {
      const clock = virtualClock(seeded(seed));
      const created_at = moment(options.clockSkewMs - 3_600_000);
      const connections = [{ ...OLDER, service, created_at }];
      const run = await tryWith({ ...options, connections, clock, timeoutSeconds });
      expectAgreement(run, [OLDER.id]);
      expect(run.ids).toEqual([OLDER.id]);
      expect(run.verdict.grade).toBe('failed');
      expect(run.sent).not.toContain('test');
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('without a name, what may exist is never created again', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ seed, ...options }) => {
      const clock = virtualClock(seeded(seed));
      const run = await tryWith({ ...options, clock, timeoutSeconds, spec: { config: {} } });
      expectAgreement(run);
      expect(run.sent).not.toContain('look up');
    }),
    { numRuns: 100 },
  );
}, 60_000);
