import fc from 'fast-check';
import { ending, expectAgreement, OLDER } from '../harness/agreement.ts';
import { type Break, type EndpointName, on } from '../harness/faults.ts';
import { seededRandom } from '../harness/random.ts';
import { runStep } from '../harness/run-step.ts';
import { timestampAt } from '../harness/sandboxes.ts';
import { virtualClock } from '../harness/virtual-clock.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';

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
    { numRuns: 150 },
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
    { numRuns: 60 },
  );
});

/** What another client does in the same group, once this many requests were answered. */
const others = fc.record({
  does: fc.constantFrom('nothing', 'creates', 'deletes'),
  after: fc.integer({ min: 1, max: 8 }),
});

/** A fault, or a create that takes effect seconds after it went unanswered. */
const lateCreate = fc
  .constantFrom(200, 1500, 6000, 40_000)
  .map((lateMs): OneBreak => ({ kind: 'status', status: 503, lateMs }));

/** Up to four faults in a row, from any request on. */
const walks = fc.record({
  start: fc.integer({ min: 1, max: 6 }),
  breaks: fc.array(
    fc.oneof({ weight: 3, arbitrary: broken }, { weight: 1, arbitrary: lateCreate }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  /** Beside them, creates that go unanswered. */
  creates: fc.array(fc.option(lateCreate), { maxLength: 3 }),
  other: others,
  scenario: fc.constantFrom('connected', 'failed-tests', 'host-key-unknown', 'incomplete'),
  listLagMs: fc.constantFrom(0, 0, 4000, 30_000),
  conflictStatus: fc.constantFrom(400 as const, 409 as const),
  inputs: fc.record({
    if_exists: fc.constantFrom('fail', 'fail', 'reuse', 'update'),
    on_failed_tests: fc.constantFrom('keep', 'pause', 'delete', 'delete'),
    isNamed: fc.constantFrom(true, true, true, false),
  }),
  seed: fc.noShrink(fc.integer()),
});
type Walk = typeof walks extends fc.Arbitrary<infer T> ? T : never;

/** The other client's connection has another value than the step's own. */
const theirs = { id: 'theirs_id', service: OLDER.service, schema: 'crm', sync_frequency: 60 };

async function runWalk({ start, breaks, creates, other, inputs, seed, ...world }: Walk) {
  const { isNamed, ...modes } = inputs;
  const config = isNamed ? { schema: 'crm' } : { share: 'crm' };
  const faults: Fault[] = [
    ...creates.flatMap((fault, at) => (fault ? [on('create', { ...fault, nth: at + 1 })] : [])),
    ...breaks.map((fault, at) => ({ ...fault, nth: start + at })),
  ];
  let answered = 0;
  let hasDeleted = false;
  const run = await runStep(
    {
      inputs: {
        ...modes,
        ...(!isNamed && { if_exists: 'fail' }),
        config,
        sync_frequency: 5,
        trusted_fingerprints: hostKeyFingerprint,
      },
    },
    {
      ...world,
      faults,
      clock: clockOf(seed),
      onLine(line, { sandbox }) {
        if (!/^(GET|POST|PATCH|DELETE) \/v1\//.test(line)) return;
        answered++;
        if (answered !== other.after) return;
        const { connections } = sandbox;
        if (other.does === 'creates' && connections.every(({ schema }) => schema !== 'crm')) {
          sandbox.seed({ ...theirs, created_at: new Date(sandbox.state.now()).toISOString() });
        }
        if (other.does !== 'deletes' || connections.length === 0) return;
        hasDeleted = true;
        sandbox.state.connections.clear();
      },
    },
  );
  const atEnd = run.sandbox.connections.map(({ id }) => String(id));
  run.sandbox.settle();
  const left = run.sandbox.connections.map(({ id }) => String(id));
  return { run, atEnd, ours: left.filter((id) => id !== theirs.id), hasDeleted };
}

/** What must hold whatever happens, and when it can be told. */
function walkClaims(
  { inputs }: Walk,
  { run, atEnd, ours, hasDeleted }: Awaited<ReturnType<typeof runWalk>>,
): Record<string, { when: boolean; holds: boolean }> {
  const { connection_id: id = '', result = '' } = run.outputs;
  const toTheirs = run.requests
    .filter(({ path }) => path.startsWith(`/v1/connections/${theirs.id}`))
    .map(({ method, path }) => `${method} ${path}`);
  const says = (words: RegExp): boolean => words.test(run.log);
  const isNamed = (one: string): boolean => one === id || run.log.includes(one);
  const hasDoubt = says(/may exist|may still appear|unknown whether/);
  const may = { fail: [], reuse: ['POST'], update: ['POST', 'PATCH'] }[inputs.if_exists] ?? [];
  const changed = toTheirs.filter((request) => !request.startsWith('GET'));
  return {
    'never two of ours': { when: ours.length > 0, holds: ours.length === 1 },
    'none of ours is lost silently': {
      // After a deletion that the step did not see, an earlier create can still take effect.
      when: ours.length > 0 && (!hasDeleted || says(/no longer exists/)),
      holds: ours.every((one) => isNamed(one) || hasDoubt),
    },
    "nobody else's is deleted": {
      when: says(/theirs_id/),
      holds: !toTheirs.some((request) => request.startsWith('DELETE')),
    },
    "nobody else's is changed, unless that was asked for": {
      when: changed.length > 0,
      holds: changed.every((request) => may.some((method) => request.startsWith(method))),
    },
    "nobody else's is called created": {
      when: result === 'created' || result === 'deleted',
      holds: id !== theirs.id,
    },
    'what was deleted is gone': { when: result === 'deleted', holds: !atEnd.includes(id) },
    'what no longer exists is gone': {
      when: says(/no longer exists/),
      holds: hasDeleted && !atEnd.includes(id),
    },
    'what was paused is paused': {
      when: says(/Paused connection/) && !hasDeleted,
      holds: run.connections.some((one) => one.id === id && one.paused === true),
    },
    'a success is there and connected': {
      when: run.exitCode === 0 && !hasDeleted,
      holds: atEnd.includes(id) && /connected|incomplete/.test(run.outputs.setup_state ?? ''),
    },
  };
}

test('with faults in a row and another client, nothing is doubled, lost, or taken', async () => {
  const made = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(walks, async (walk) => {
      const end = await runWalk(walk);
      for (const [claim, { when, holds }] of Object.entries(walkClaims(walk, end))) {
        made.set(claim, (made.get(claim) ?? 0) + Number(when));
        if (when && !holds) expect({ claim, sent: end.run.sent, log: end.run.log }).toBe('true');
      }
    }),
    { numRuns: 160, seed: 19 },
  );
  expect([...made].filter(([, count]) => count === 0)).toEqual([]);
}, 60_000);
