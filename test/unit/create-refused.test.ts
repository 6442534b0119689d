import { expectAgreement, on } from '../agreement.ts';
import { closeAll, tryWith } from '../fault-run.ts';

afterEach(closeAll);

const UNSEEN_CREATE = on('create', { kind: 'reset', when: 'before' });
const refused = (status: number, nth = 1) => on('create', { kind: 'status', status, nth });

describe('a create that is refused', () => {
  test.each([401, 403, 404, 405, 406, 415, 422])('with %i ends there', async (status) => {
    const run = await tryWith({ faults: [refused(status)] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create']);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(
      new RegExp(
        `^Could not create the connection: Fivetran answered ${status} Fault_${status}: A`,
      ),
    );
    expect(run.verdict.sentence).not.toMatch(/may exist/);
  });

  test.each([400, 409])('with %i over anything but its name ends there', async (status) => {
    const run = await tryWith({ faults: [refused(status)] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.verdict.sentence).toMatch(new RegExp(`answered ${status}`));
    expect(run.verdict.sentence).not.toMatch(/may exist|has a connection of this name: /);
  });

  test.each([400, 401, 403, 404])('with %i after a try that was not answered', async (status) => {
    const run = await tryWith({ faults: [UNSEEN_CREATE, refused(status, 2)] });
    expectAgreement(run);
    expect(run.sent.filter((request) => request === 'create')).toHaveLength(2);
    expect(run.ids).toEqual([]);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(new RegExp(`answered ${status}`));
  });

  test.each([401, 403, 404])('is lost sight of when the look-up ends in %i', async (status) => {
    for (const when of ['before', 'after'] as const) {
      const faults = [
        on('create', { kind: 'reset', when }),
        on('look up', { kind: 'status', status, nth: 'all' }),
      ];
      const run = await tryWith({ faults });
      expectAgreement(run);
      expect(run.sent).toEqual(['create', 'look up']);
      expect(run.verdict.sentence).toMatch(new RegExp(`look up the connection crm: .*${status}`));
      expect(run.verdict.sentence).toMatch(/ may exist now/);
    }
  });
});

describe('at the rate limit', () => {
  const limited = (seconds: number, nth: number | 'all' = 1) =>
    ({ kind: 'rate-limit', headers: { 'Retry-After': `${seconds}` }, nth }) as const;

  test('a create waits and is sent once more', async () => {
    const run = await tryWith({ faults: [on('create', limited(60))] });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'create']);
    expect(run.clock.sleeps).toEqual([60_000]);
    expect(run.log).toMatch(/429.* 60 s/);
    expect(run.verdict.grade).toBe('passed');
  });

  test('a create that would wait too long is not sent, and exists for sure not', async () => {
    const run = await tryWith({ faults: [on('create', limited(400, 'all'))] });
    expectAgreement(run);
    expect(run.ids).toEqual([]);
    expect(run.verdict.sentence).toMatch(/over 10 minutes/);
    expect(run.verdict.sentence).not.toMatch(/may exist/);
  });

  test('a look-up that would wait too long leaves it open', async () => {
    const faults = [
      on('create', { kind: 'reset', when: 'after' }),
      on('look up', limited(400, 'all')),
    ];
    const run = await tryWith({ faults });
    expectAgreement(run);
    expect(run.verdict.sentence).toMatch(/over 10 minutes.* may exist now/);
  });
});

test('a create that can not be sent exists for sure not', async () => {
  const run = await tryWith({ given: ({ close }) => void close() });
  expectAgreement(run);
  expect(run.ids).toEqual([]);
  expect(run.clock.sleeps).toEqual([500, 1000, 2000]);
  expect(run.verdict.sentence).toMatch(/does not accept connections/);
  expect(run.verdict.sentence).not.toMatch(/may exist/);
});
