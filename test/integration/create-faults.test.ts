import { ending, expectAgreement } from '../harness/agreement.ts';
import {
  type Break,
  type EndpointName,
  LOST_CREATE,
  on,
  UNPROCESSED_CREATE,
} from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from '../harness/run-step.ts';
import { readable } from '../project/markup.ts';
import { type Fault, isProcessed } from '../sandbox/faults.mjs';

/** Faults that leave the outcome unknown; each can occur before or after processing. */
const unknown: Break[] = [
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'html', status: 502 },
  { kind: 'invalid-json' },
  { kind: 'empty', status: 200 },
  { kind: 'empty', status: 504 },
  { kind: 'huge' },
  { kind: 'redirect' },
].flatMap((fault) => [{ ...fault, when: 'before' } as Break, { ...fault, when: 'after' } as Break]);

/** The same, for requests that are processed whatever the answer is. */
const lost: Break[] = [{ kind: 'cut' }, { kind: 'cut-json' }];

/** Oddities of an answer that remains usable. */
const harmless: Break[] = [{ kind: 'drip', ms: 0 }, { kind: 'slow', ms: 1 }, { kind: 'skew' }];

const limited: Break = { kind: 'rate-limit', headers: { 'Retry-After': '30' } };

async function runWith(faults: Fault[], world: VirtualWorld = {}, inputs = {}) {
  const run = await runStep({ inputs }, { faults, ...world });
  expectAgreement(run);
  return run;
}

/** Expects that the step created one complete, tested connection with exactly these requests. */
function expectCreated(run: VirtualStepRun, sent: EndpointName[]): void {
  const [id = 'none'] = run.ids;
  expect(run.sent).toEqual(sent);
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({
    connection_id: id,
    result: 'created',
    setup_state: 'connected',
    failed_tests: '[]',
    error: '',
  });
  expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
  expect(run.log).toContain(`Created connection ${id}.`);
  expect(run.log).toContain(`Connection ${id} was created and is connected`);
  for (const text of [run.log, readable(run.summary)])
    expect(text).toMatch(/3 (setup tests )?passed/);
  expect(run.summary).toContain(id);
  expect(run.printed).not.toMatch(/may still appear/);
}

describe('a fault at the create', () => {
  test.each([...unknown, ...lost, { kind: 'no-id' } as Break])(
    '%j: exactly one connection exists at the end',
    async (fault) => {
      const sent: EndpointName[] = isProcessed(fault)
        ? ['create', 'look up', 'test']
        : ['create', 'look up', 'create'];
      const run = await runWith([on('create', fault)]);
      expectCreated(run, sent);
      expect(run.log).toMatch(
        /Could not create the connection: .* may have been created anyway; looking for crm\./,
      );
      if (isProcessed(fault)) expect(run.log).toContain(`Found connection ${run.ids[0]}`);
    },
  );

  test.each(harmless)('%j: the step continues normally', async (fault) => {
    expectCreated(await runWith([on('create', fault)]), ['create']);
  });

  test.each(lost)('%j: no setup tests run when they are disabled', async (fault) => {
    const run = await runWith([on('create', fault)], {}, { run_setup_tests: false });
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.outputs).toMatchObject({ result: 'created', connection_id: run.ids[0] });
  });
});

describe('a fault at the look-up after an unanswered create', () => {
  test.each([...unknown, ...lost, limited])(
    '%j: exactly one connection exists at the end',
    async (fault) => {
      const lookUps: EndpointName[] = ['look up', 'look up'];
      const lostRun = await runWith([LOST_CREATE, on('look up', fault)]);
      expectCreated(lostRun, ['create', ...lookUps, 'test']);
      const unprocessedRun = await runWith([UNPROCESSED_CREATE, on('look up', fault)]);
      expectCreated(unprocessedRun, ['create', ...lookUps, 'create']);
    },
  );

  test('a late answer is waited for', async () => {
    const run = await runWith([LOST_CREATE, on('look up', { kind: 'slow', ms: 1 })]);
    expectCreated(run, ['create', 'look up', 'test']);
  });

  test('an unreadable item does not count as an empty list', async () => {
    const run = await runWith([LOST_CREATE, on('look up', { kind: 'no-id', nth: 'all' })]);
    expect(run.sent).toEqual(['create', ...Array(4).fill('look up')]);
    expect(failureOf(run)).toMatch(/ may exist/);
  });

  test.each([
    [3_600_000, 'names it'],
    [-3_600_000, 'may exist'],
  ])('a single Date that is off by %i ms loses no connection', async (ms, end) => {
    const run = await runWith([LOST_CREATE, on('look up', { kind: 'skew', ms })]);
    expect(ending(run)).toBe(end);
  });
});

describe('a fault at the setup tests', () => {
  test.each([...unknown, ...lost, limited, { kind: 'no-id' } as Break])(
    '%j: they are run again',
    async (fault) => {
      const faults = [on('test', fault)];
      const again = await runWith(faults, { scenario: 'incomplete-once' });
      expectCreated(again, ['create', 'test', 'test']);
      const adopted = await runWith([LOST_CREATE, ...faults]);
      expectCreated(adopted, ['create', 'look up', 'test', 'test']);
    },
  );
});

describe('a permanent fault', () => {
  const quick = unknown.filter(({ kind }) => kind !== 'hang' && kind !== 'huge');
  const all = quick.map((fault) => ({ ...fault, nth: 'all' as const }));

  test.each(all)('at the create: %j', async (fault) => {
    const run = await runWith([on('create', fault)]);
    if (isProcessed(fault)) return expectCreated(run, ['create', 'look up', 'test']);
    expect(run.sent).toEqual(Array(4).fill(['create', 'look up']).flat());
    expect(run.clock.sleeps).toEqual([500, 1000, 2000]);
    expect(run.ids).toEqual([]);
    expect(failureOf(run)).toMatch(/After each of 4 tries, the group had no connection crm\./);
    // The last create may take effect after the look-up.
    expect(ending(run)).toBe('may exist');
  });

  test.each(all)('at the look-up: %j', async (fault) => {
    for (const create of [LOST_CREATE, UNPROCESSED_CREATE]) {
      const run = await runWith([create, on('look up', fault)]);
      expect(run.sent).toEqual(['create', ...Array(4).fill('look up')]);
      expect(failureOf(run)).toMatch(/15five connection crm in group decent_dropsy may exist/);
    }
  });

  test.each(all)('at the setup tests: %j', async (fault) => {
    const run = await runWith([on('test', fault)], { scenario: 'incomplete-once' });
    expect(run.sent).toEqual(['create', ...Array(4).fill('test')]);
    expect(failureOf(run)).toMatch(
      new RegExp(`^Connection ${run.ids[0]} was created\\..* Could not run the setup tests`),
    );
    expect(run.outputs).toMatchObject({
      connection_id: run.ids[0],
      result: 'created',
      setup_state: 'incomplete',
      schema: 'crm',
    });
  });
});
