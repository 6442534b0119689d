import { expectAgreement, on } from '../agreement.ts';
import { closeAll, tryWith } from '../fault-run.ts';

afterEach(closeAll);

describe('tests that could not be run (JOB_FAILED)', () => {
  test('are run again, and the log says so', async () => {
    const run = await tryWith({ scenario: 'job-failed' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.log).toMatch(/JOB_FAILED.*Connecting to the source.* again, 1 of 2/);
    expect(run.verdict.grade).toBe('passed');
  });

  test('are run again twice at the most, and then count as failed', async () => {
    const run = await tryWith({ scenario: 'job-failed-always' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test', 'test']);
    expect(run.log).toMatch(/1 of 2.*\n.*2 of 2/);
    expect(run.verdict.grade).toBe('failed');
    expect(run.verdict.sentence).toMatch(/was created, but 1 of 1 setup test failed: Connecting/);
  });
});

describe('a connection that is incomplete though no test failed', () => {
  test('is tested once more, and the log says so', async () => {
    const run = await tryWith({ scenario: 'incomplete-once' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.log).toMatch(/still incomplete: running the tests once more/);
    expect(run.verdict.grade).toBe('passed');
  });

  test('is tested once more only, and then warns', async () => {
    const run = await tryWith({ scenario: 'incomplete' });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.verdict.grade).toBe('warned');
  });

  test('is not tested when no tests are to run', async () => {
    const spec = { run_setup_tests: false };
    const run = await tryWith({ scenario: 'incomplete', spec });
    expect(run.sent).toEqual(['create']);
  });
});

test('tests that failed are not run again', async () => {
  const run = await tryWith({ scenario: 'failed-tests' });
  expectAgreement(run);
  expect(run.sent).toEqual(['create']);
});

test.each([400, 401, 403, 404, 409])(
  'tests refused with %i leave what was made',
  async (status) => {
    const faults = [on('test', { kind: 'status', status })];
    const run = await tryWith({ scenario: 'incomplete-once', faults });
    expectAgreement(run);
    expect(run.sent).toEqual(['create', 'test']);
    expect(run.verdict.sentence).toMatch(
      new RegExp(
        `^Connection ${run.ids[0]} was created\\. Could not run the setup tests .*${status}`,
      ),
    );
  },
);
