import type { Outcome } from '../../../src/connection/outcome.ts';
import type { ConnectionSpec } from '../../../src/inputs/spec.ts';
import { setupTestLines } from '../../../src/report/channels/log-lines.ts';
import { createStepLog } from '../../../src/report/runner/log.ts';
import { reportSingle } from '../../../src/report/single.ts';
import { connectionOf } from '../../harness/connections.ts';
import { annotated, failureOf } from '../../harness/reading.ts';
import { recordingToolkit } from '../../harness/runner-toolkit.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../../sandbox/fixtures.mjs';
import {
  absent,
  absentSpec,
  deleted,
  dryRun,
  failedTest,
  failedWith,
  passedTest,
  present,
  recordedLog,
  redactorOf,
  skippedTest,
  spec,
  warnedTest,
} from './outcomes.ts';

const link = 'https://fivetran.com/dashboard/connections/open_mosaic/status';

/** What the report on an outcome writes. */
async function reported(outcome: Outcome, settings = {}, wanted: ConnectionSpec = spec) {
  const { log, result } = recordedLog();
  const deps = { log, redactor: redactorOf(), env: {}, signal: new AbortController().signal };
  await reportSingle(
    { outcome, spec: wanted },
    { summary: true, comment: undefined, dry_run: false, ...settings },
    deps,
  );
  return { ...result(), lines: result().log.trim().split('\n') };
}

describe('the log ends with the verdict, the next step and the link', () => {
  test('when all went well', async () => {
    const { lines, exitCode } = await reported(present({ setup_tests: [passedTest] }));
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'Connection open_mosaic was created and is connected. Setup tests: 1 passed.',
      `Dashboard: ${link}`,
    ]);
  });

  test('when tests failed', async () => {
    const { lines, exitCode } = await reported(present({ setup_tests: [passedTest, failedTest] }));
    expect(exitCode).toBe(1);
    expect(lines).toEqual([
      "::error title=Validating credentials::no entry. Next: Fix what the failed tests report, at the source or in the step's inputs.",
      '::error::Connection open_mosaic was created, but 1 of 2 setup tests failed: Validating credentials.',
      "Next: Fix what the failed tests report, at the source or in the step's inputs. Then run the step again with if_exists: update, which finds this connection and runs its tests.",
      `Dashboard: ${link}`,
    ]);
  });

  test('when the setup is incomplete', async () => {
    const { lines, exitCode } = await reported(present({ status: { setup_state: 'incomplete' } }));
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(
        /^::warning::Connection open_mosaic was created and is incomplete\..*connect_card_config/,
      ),
      `Dashboard: ${link}`,
    ]);
  });

  test('when it was deleted', async () => {
    const { lines } = await reported(deleted, {}, absentSpec);
    expect(lines).toEqual(['Connection open_mosaic was deleted.']);
  });

  test('when there was nothing to delete', async () => {
    const { lines } = await reported(absent, {}, absentSpec);
    expect(lines).toEqual([expect.stringMatching(/^The .* does not exist; there was nothing to /)]);
  });

  test('when an error came in between', async () => {
    const { lines } = await reported(
      failedWith('', {
        ...{ connection: connectionOf(), result: 'created' },
        error: { message: 'Out of luck.', shortReason: 'no luck', hint: 'Try `again`.' },
      }),
    );
    expect(lines).toEqual([
      '::error::Connection open_mosaic was created. Out of luck. Try again.',
      `Dashboard: ${link}`,
    ]);
  });
});

test("Fivetran's reason is logged once, even when the verdict has it", async () => {
  const tasks = [{ message: 'Reconnect the account.' }];
  const broken = await reported(present({ status: { setup_state: 'broken', tasks } }));
  expect(broken.log.split('Reconnect')).toHaveLength(2);
  const failed = await reported(present({ status: { tasks }, setup_tests: [failedTest] }));
  expect(failed.lines).toContain('Fivetran says: Reconnect the account.');
  const connection = connectionOf({ status: { setup_state: 'broken', tasks } });
  const error = await reported(failedWith('No.', { connection, result: 'created' }));
  expect(error.log.split('Reconnect')).toHaveLength(2);
});

describe('annotations', () => {
  test('show the fingerprint of an unknown host key', async () => {
    const setup_tests = [{ ...failedTest, details: hostKey }];
    const [error] = annotated(await reported(present({ setup_tests })), 'error');
    expect(error).toContain(hostKeyFingerprint);
    expect(error).toContain(' trusted_fingerprints');
  });

  test('say how a test without a message ended', async () => {
    const setup_tests = [{ title: 'Writing', status: 'JOB_FAILED' }];
    const [error] = annotated(await reported(present({ setup_tests })), 'error');
    expect(error).toMatch(/^Writing: The setup test ended as JOB_FAILED\. Next: /);
  });

  test('are at most ten of a level, and the log has the rest', async () => {
    const setup_tests = Array.from({ length: 15 }, (_, at) => ({
      ...failedTest,
      title: `Test ${at}`,
      details: 'x'.repeat(10_000),
    }));
    const run = await reported(present({ setup_tests }));
    const errors = annotated(run, 'error');
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toContain('15 of 15 setup tests failed');
    expect(run.log).toMatch(/^The output failed_tests has no room for everything: shortened /m);
    expect(run.lines.filter((line) => /^Test \d+: no entry/.test(line))).toHaveLength(6);
  });

  test('warn of each test that warned', async () => {
    const setup_tests = [warnedTest, { ...warnedTest, message: '' }];
    const warnings = annotated(await reported(present({ setup_tests })), 'warning');
    expect(warnings).toEqual([
      'Reading tables: two are hidden',
      'Reading tables: The setup test ended with a warning.',
      expect.stringContaining('2 warned'),
    ]);
  });
});

describe('a dry run', () => {
  const change = { field: 'config.host', from: 'a', to: 'b', shown: 'values' } as const;
  const secret = {
    field: 'config.password',
    from: 'old-secret',
    to: 'new-secret',
    shown: 'sent-again',
  } as const;

  test('logs its plan with each change, secrets excepted', async () => {
    const plan = dryRun({
      plan: 'update',
      steps: ['Update 2 fields.'],
      fieldChanges: [change, secret],
    });
    const { lines, log, summary } = await reported(plan, { dry_run: true });
    expect(lines).toEqual([
      'Plan: Update 2 fields.',
      'Change: config.host: a → b',
      'Change: config.password: sent again',
      'Dry run: would change 1 field (1 secret would be sent again). Nothing was changed.',
    ]);
    expect(log + summary).not.toMatch(/old-secret|new-secret/);
  });

  test('warns of each warning, and of nothing else', async () => {
    const run = await reported(dryRun({ warnings: ['Beta.'] }), { dry_run: true });
    expect(annotated(run, 'warning')).toEqual(['Dry run: Beta.']);
  });

  test('says each problem once, and fails', async () => {
    const run = await reported(dryRun({ problems: ['config.hots: unknown field.'] }), {
      dry_run: true,
    });
    expect(run.log.split('config.hots')).toHaveLength(2);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toBe('The dry run found 1 problem. Nothing was changed.');
  });

  test('that could not be done says that it was one', async () => {
    const { summary } = await reported(failedWith('Fivetran answered 401.'), { dry_run: true });
    expect(summary).toContain('billing (postgres): dry run failed (no answer)');
  });
});

test('outputs that cannot be written do not stop the report, warn once, and fail the step at its end', async () => {
  const { toolkit, result } = recordingToolkit({});
  const setOutput = (): void => {
    throw new Error('ENOSPC: no space left on device, write');
  };
  const log = createStepLog({ ...toolkit, setOutput }, redactorOf());
  const env = { GITHUB_OUTPUT: '/runner/set_output' };
  const { signal } = new AbortController();
  const settings = { summary: true, comment: undefined, dry_run: false };
  const deps = { log, redactor: redactorOf(), env, signal };
  await reportSingle({ outcome: present({ setup_tests: [failedTest] }), spec }, settings, deps);
  const run = result();
  expect(annotated(run, 'warning')).toEqual([expect.stringContaining('ENOSPC')]);
  expect(annotated(run, 'error')).toEqual([
    expect.stringMatching(/^Validating credentials/),
    expect.stringContaining('the setup test failed'),
    expect.stringMatching(/^Could not write the step's outputs to \/runner\/set_output: ENOSPC/),
  ]);
  expect(run.summary).toContain('the setup test failed');
  expect(run.exitCode).toBe(1);
});

test('without summary: true none is written', async () => {
  expect((await reported(present(), { summary: false })).summary).toBe('');
});

test('the lines on the setup tests have the failed ones first, with what they present', () => {
  const setup_tests = [
    { ...passedTest, details: hostKey },
    skippedTest,
    { ...failedTest, details: [hostKey, certificate] },
  ];
  expect(setupTestLines(connectionOf({ setup_tests }))).toEqual([
    '❌ FAILED  Validating credentials: no entry',
    `   Presented SSH host key: ${hostKeyFingerprint}`,
    `   Presented TLS certificate: ${certificateFingerprint}`,
    '✅ PASSED  Connecting',
    '⚪ SKIPPED  Checking permissions',
  ]);
});
