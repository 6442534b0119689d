import { ending, expectAgreement, on, type RequestName } from '../agreement.ts';
import { type Aftermath, closeAll, type Trial, tryWith } from '../fault-run.ts';
import { type Fault, isProcessed } from '../sandbox/faults.mjs';

afterEach(closeAll);

type Break = Omit<Fault, 'method' | 'path'>;

/** What leaves it unknown whether the request was processed; each may come before and after. */
const UNKNOWN: Break[] = [
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

/** The same, of requests that are processed whatever is said. */
const LOST: Break[] = [{ kind: 'cut' }, { kind: 'cut-json' }];

/** What is odd about an answer that can be used all the same. */
const HARMLESS: Break[] = [{ kind: 'drip', ms: 0 }, { kind: 'slow', ms: 1 }, { kind: 'skew' }];

const LIMITED: Break = { kind: 'rate-limit', headers: { 'Retry-After': '30' } };

async function trial(faults: Fault[], more: Trial = {}): Promise<Aftermath> {
  const hangs = faults.some(({ kind }) => kind === 'hang');
  const aftermath = await tryWith({ faults, ...(hangs && { timeoutSeconds: 0.4 }), ...more });
  expectAgreement(aftermath);
  return aftermath;
}

/** The run made one connection, whole and tested, with exactly these requests. */
function expectCreated(aftermath: Aftermath, sent: RequestName[]): void {
  expect(aftermath.sent).toEqual(sent);
  expect(aftermath.verdict).toMatchObject({ grade: 'passed' });
  expect(aftermath.verdict.sentence).toBe(
    `Connection ${aftermath.ids[0]} was created and is connected: 3 setup tests passed.`,
  );
}

const LOST_CREATE = on('create', { kind: 'reset', when: 'after' });
const UNSEEN_CREATE = on('create', { kind: 'reset', when: 'before' });

describe('a fault at the create', () => {
  test.each([...UNKNOWN, ...LOST, { kind: 'no-id' } as Break])(
    '%j: one in the end',
    async (fault) => {
      const sent: RequestName[] = isProcessed(fault)
        ? ['create', 'look up', 'test']
        : ['create', 'look up', 'create'];
      expectCreated(await trial([on('create', fault)]), sent);
    },
  );

  test.each(HARMLESS)('%j: goes on as if nothing was', async (fault) => {
    expectCreated(await trial([on('create', fault)]), ['create']);
  });

  test.each(LOST)('%j, and the result of no test is asked for', async (fault) => {
    const spec = { run_setup_tests: false };
    const { sent, state, ids } = await trial([on('create', fault)], { spec });
    expect(sent).not.toContain('test');
    expect(state).toMatchObject({ result: 'created', connection: { id: ids[0] } });
  });
});

describe('a fault at the look-up of a lost create', () => {
  test.each([...UNKNOWN, ...LOST, LIMITED])('%j: one in the end', async (fault) => {
    const lookUps: RequestName[] = ['look up', 'look up'];
    const lost = await trial([LOST_CREATE, on('look up', fault)]);
    expectCreated(lost, ['create', ...lookUps, 'test']);
    const unseen = await trial([UNSEEN_CREATE, on('look up', fault)]);
    expectCreated(unseen, ['create', ...lookUps, 'create']);
  });

  test('an answer that comes late is waited for', async () => {
    const lost = await trial([LOST_CREATE, on('look up', { kind: 'slow', ms: 1 })]);
    expectCreated(lost, ['create', 'look up', 'test']);
  });

  test('an item that can not be read is not taken for none', async () => {
    const faults = [LOST_CREATE, on('look up', { kind: 'no-id', nth: 'all' })];
    const { verdict, sent } = await trial(faults);
    expect(sent).toEqual(['create', ...Array(4).fill('look up')]);
    expect(verdict.sentence).toMatch(/ may exist/);
  });

  test.each([
    [3_600_000, 'names it'],
    [-3_600_000, 'created'],
  ])('one Date that is %i ms off loses nothing', async (ms, end) => {
    const aftermath = await trial([LOST_CREATE, on('look up', { kind: 'skew', ms })]);
    expect(ending(aftermath, aftermath.ids)).toBe(end);
  });
});

describe('a fault at the setup tests', () => {
  test.each([...UNKNOWN, ...LOST, LIMITED, { kind: 'no-id' } as Break])(
    '%j: they are run again',
    async (fault) => {
      const faults = [on('test', fault)];
      const again = await trial(faults, { scenario: 'incomplete-once' });
      expectCreated(again, ['create', 'test', 'test']);
      const adopted = await trial([LOST_CREATE, ...faults]);
      expectCreated(adopted, ['create', 'look up', 'test', 'test']);
    },
  );
});

describe('a fault that does not go away', () => {
  const quick = UNKNOWN.filter(({ kind }) => kind !== 'hang' && kind !== 'huge');
  const all = quick.map((fault) => ({
    ...fault,
    nth: 'all' as const,
  }));

  test.each(all)('at the create: %j', async (fault) => {
    const aftermath = await trial([on('create', fault)]);
    if (isProcessed(fault)) return expectCreated(aftermath, ['create', 'look up', 'test']);
    const { verdict, sent, clock, ids } = aftermath;
    expect(sent).toEqual(Array(4).fill(['create', 'look up']).flat());
    expect(clock.sleeps).toEqual([500, 1000, 2000]);
    expect(ids).toEqual([]);
    expect(verdict.grade).toBe('failed');
    expect(verdict.sentence).toMatch(/After each of 4 tries the group had no connection crm\.$/);
  });

  test.each(all)('at the look-up: %j', async (fault) => {
    for (const create of [LOST_CREATE, UNSEEN_CREATE]) {
      const { verdict, sent } = await trial([create, on('look up', fault)]);
      expect(sent).toEqual(['create', ...Array(4).fill('look up')]);
      expect(verdict.sentence).toMatch(
        /A 15five connection named crm in group decent_dropsy may exist now: look for it/,
      );
    }
  });

  test.each(all)('at the setup tests: %j', async (fault) => {
    const faults = [on('test', fault)];
    const { verdict, ids, sent } = await trial(faults, { scenario: 'incomplete-once' });
    expect(sent).toEqual(['create', ...Array(4).fill('test')]);
    expect(verdict.grade).toBe('failed');
    expect(verdict.sentence).toMatch(
      new RegExp(`^Connection ${ids[0]} was created\\. Could not run the setup tests`),
    );
  });
});
