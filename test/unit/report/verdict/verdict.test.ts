import type { Outcome } from '../../../../src/connection/outcome.ts';
import type { SyncEnd } from '../../../../src/connection/results.ts';
import type { ConnectionSpec } from '../../../../src/inputs/spec.ts';
import { dashboardUrl } from '../../../../src/report/verdict/identity.ts';
import { lastKnown } from '../../../../src/report/verdict/known-state.ts';
import type { Origin } from '../../../../src/report/verdict/next-steps.ts';
import { redactOutcome } from '../../../../src/report/verdict/redact.ts';
import * as verdicts from '../../../../src/report/verdict/verdict-on.ts';
import { connectionOf } from '../../../harness/connections.ts';
import { certificate, hostKey, hostKeyFingerprint } from '../../../sandbox/fixtures.mjs';
import {
  absent,
  absentSpec,
  deleted,
  dryRun,
  failedTest,
  failedWith,
  passedTest,
  present,
  redactorOf,
  skippedTest,
  spec,
  stateOf,
  warnedTest,
} from '../outcomes.ts';

const keyTest = {
  title: 'Connecting to SSH tunnel',
  status: 'FAILED',
  message: '',
  details: hostKey,
};
const unrunTest = { ...failedTest, status: 'JOB_FAILED' };
const certificateTest = { ...keyTest, title: 'Validating TLS', details: [certificate] };

const verdictOn = (outcome: Outcome, wanted: ConnectionSpec = spec, origin: Origin = 'inputs') =>
  verdicts.verdictOn(redactOutcome(outcome, redactorOf()), { spec: wanted, origin });

const gone = { isGone: true } as const;
const created = { result: 'created', connection: connectionOf() } as const;
const sentAgain = {
  field: 'config.password',
  from: undefined,
  to: undefined,
  shown: 'sent-again',
} as const;

const withTests = (...setup_tests: object[]) => present({ setup_tests });
const withState = (setup_state: unknown) => present({ status: { setup_state } });

test.each([
  ['PASSED', 'passed'],
  ['SKIPPED', 'passed'],
  ['passed', 'passed'],
  ['WARNING', 'warned'],
  ['FAILED', 'failed'],
  ['JOB_FAILED', 'failed'],
  ['DEFERRED', 'failed'],
  ['', 'failed'],
  ['toString', 'failed'],
])('a setup test with the status %j makes the verdict %s', (status, grade) => {
  expect(verdictOn(withTests(passedTest, { title: 'Test', status })).grade).toBe(grade);
});

test.each([
  ['connected', 'passed'],
  ['incomplete', 'warned'],
  ['broken', 'failed'],
  ['half_connected', 'passed'],
  [undefined, 'passed'],
])('the setup state %s without a failed test makes the verdict %s', (state, grade) => {
  expect(verdictOn(withState(state)).grade).toBe(grade);
});

test.each<[string, Outcome, ConnectionSpec?]>([
  ['created and connected', present()],
  ['reused and connected', present({}, { result: 'reused' })],
  [
    'updated, setup half_connected',
    present({ status: { setup_state: 'half_connected' } }, { result: 'updated' }),
  ],
  ['created, setup incomplete', withState('incomplete')],
  ['created and connected, 2 warnings', withTests(warnedTest, warnedTest)],
  ['1 of 3 setup tests failed', withTests(passedTest, failedTest, skippedTest)],
  ['SSH host key not trusted yet', withTests(keyTest, skippedTest)],
  ['TLS certificate not trusted yet', withTests(certificateTest)],
  ['SSH host key and TLS certificate not trusted yet', withTests(certificateTest, keyTest)],
  ['2 of 2 setup tests failed', withTests(keyTest, failedTest)],
  [
    'the setup test failed',
    withTests(keyTest),
    { ...spec, trusted_fingerprints: [hostKeyFingerprint] },
  ],
  ['Fivetran reports the setup as broken', withState('broken')],
  [
    'the setup test failed; connection deleted',
    present({ setup_tests: [failedTest] }, { cleanup: 'deleted' }),
  ],
  [
    'the setup test failed; connection paused',
    present({ setup_tests: [failedTest] }, { cleanup: 'paused' }),
  ],
  ['sync failed', present({}, { sync: { state: 'failed', message: 'The sync failed.' } })],
  ['sync timed out', present({}, { sync: { state: 'timed out', message: 'It did not end.' } })],
  [
    'created and connected, sync succeeded',
    present({}, { sync: { state: 'succeeded', message: 'The sync succeeded.' } }),
  ],
  ['deleted', deleted],
  ['nothing to delete', absent],
  ['would create the connection', dryRun()],
  ['would delete the connection, 1 warning', dryRun({ plan: 'delete', warnings: ['Beta.'] })],
  ['would do nothing, 1 warning', dryRun({ plan: 'nothing', warnings: ['Beta.'] })],
  ['would fail', dryRun({ plan: 'refuse' })],
  [
    'would change 1 field',
    dryRun({
      plan: 'update',
      fieldChanges: [{ field: 'paused', from: true, to: false, shown: 'values' }],
    }),
  ],
  [
    'no changes (1 secret would be sent again)',
    dryRun({ plan: 'update', fieldChanges: [sentAgain] }),
  ],
  [
    'would change 1 field, disable 1 table, and hash 2 columns (1 secret would be sent again), 1 warning',
    dryRun({
      plan: 'update',
      fieldChanges: [sentAgain, { field: 'config.key', from: 1, to: 2, shown: 'name' }],
      selectionChanges: [
        { path: ['shop', 'users'], field: 'enabled', from: true, to: false },
        { path: ['shop', 'orders', 'a'], field: 'hashed', from: false, to: true },
        { path: ['shop', 'orders', 'b'], field: 'hashed', from: false, to: true },
      ],
      warnings: ['Beta.'],
    }),
  ],
  ['would update the connection', dryRun({ plan: 'update' })],
  [
    'would change 1 field, enable 1 schema, change 1 table, and stop hashing 1 column',
    dryRun({
      plan: 'update',
      selectionChanges: [
        { path: [], field: 'schema_change_handling', from: 'ALLOW_ALL', to: 'BLOCK_ALL' },
        { path: ['shop'], field: 'enabled', from: false, to: true },
        { path: ['shop', 'users'], field: 'sync_mode', from: 'SOFT_DELETE', to: 'HISTORY' },
        { path: ['shop', 'users', 'a'], field: 'hashed', from: true, to: false },
      ],
    }),
  ],
  ['sync cancelled', present({}, { sync: { state: 'cancelled', message: 'It was cancelled.' } })],
  [
    'the setup test failed; unknown whether the connection was deleted',
    present({ setup_tests: [failedTest] }, { unknownCleanup: 'delete' }),
  ],
  [
    'the setup test failed; connection deleted; another one may appear',
    present({ setup_tests: [failedTest] }, { cleanup: 'deleted', inFlight: 'create' }),
  ],
  ['the setup test failed; connection gone', present({ setup_tests: [failedTest] }, gone)],
  ['created, then gone', present({}, gone)],
  ['created and connected, another one may appear', present({}, { inFlight: 'create' })],
  ['created, then gone (no answer)', failedWith('No.', { ...gone, ...created })],
  ['gone (no answer)', failedWith('No.', { ...gone, ...created, result: 'reused' })],
  ['outcome unknown (no answer)', failedWith('No.', { ...gone, ...created, inFlight: 'create' })],
  ['failed (no answer)', failedWith('No.', { result: 'reused' }), { ...spec, if_exists: 'reuse' }],
  ['not deleted (no answer)', failedWith('No.'), absentSpec],
  ['1 of 2 setup tests could not run', withTests(passedTest, unrunTest)],
  ['2 of 2 setup tests failed', withTests(failedTest, unrunTest)],
  ['outcome unknown (no answer)', failedWith('No.', { ...created, inFlight: 'create' })],
  ['would fail (2 problems)', dryRun({ problems: ['One.', 'Two.'] })],
  [
    'not created (no answer)',
    failedWith('Could not create the connection: 403 at db.example.com. Check it.'),
  ],
])('the headline is: %s', (headline, outcome, wanted = spec) => {
  expect(verdictOn(outcome, wanted).headline).toBe(headline);
});

test('skipped tests are not counted as passed', () => {
  expect(verdictOn(withTests(passedTest, skippedTest)).message).toBe(
    'Connection open_mosaic was created and is connected. Setup tests: 1 passed, 1 skipped.',
  );
});

test('the first five of many failed tests are named', () => {
  const tests = Array.from({ length: 8 }, (_, at) => ({ ...failedTest, title: `Test\n${at}` }));
  expect(verdictOn(withTests(...tests)).message).toContain(
    '8 of 8 setup tests failed: Test 0, Test 1, Test 2, Test 3, Test 4, and 3 more.',
  );
});

test('the message on an unknown host key has its fingerprint', () => {
  expect(verdictOn(withTests(keyTest)).message).toContain(
    `SSH host key not trusted yet: ${hostKeyFingerprint}`,
  );
});

test('a host key that is not the pinned one is a mismatch, not a key to trust', () => {
  const pinned = { ...spec, trusted_fingerprints: [`SHA256:${'A'.repeat(43)}`] };
  const { headline, next } = verdictOn(withTests(keyTest), pinned);
  expect(headline).toBe('SSH host key does not match trusted_fingerprints');
  expect(next[0]).toMatch(/^Ask the server's operator whether its SSH host key changed/);
});

test("a broken connection's message has Fivetran's own reason", () => {
  const tasks = [{ code: 'reconnect', message: 'Reconnect the account' }];
  const warnings = [...tasks, { message: 'Too slow!' }];
  const { message } = verdictOn(present({ status: { setup_state: 'broken', tasks, warnings } }));
  expect(message).toMatch(/reports its setup as broken: Reconnect the account\. Too slow!$/);
  expect(verdictOn(withState('broken')).message).toMatch(
    /broken, although no setup test failed\.$/,
  );
});

test('a failed sync is told with its reason', () => {
  const message = 'The sync failed after 3 min. Out of disk.';
  const sync: SyncEnd = { state: 'failed', message, reasons: ['Out of disk.'] };
  const verdict = verdictOn(present({}, { sync }));
  expect(verdict).toMatchObject({ grade: 'failed', details: message, quoted: sync.reasons });
  expect(verdict.message).toContain(message);
  expect(verdictOn(present({ status: { setup_state: 'broken' } }, { sync })).details).toBe(message);
});

describe('what is in doubt or gone is said in the message, with what to do:', () => {
  test.each([
    ['pause', 'update', 'paused'],
    ['delete', 'delete', 'deleted'],
  ] as const)('whether on_failed_tests was carried out: %s', (unknownCleanup, inFlight, done) => {
    const outcome = present({ setup_tests: [failedTest] }, { unknownCleanup, inFlight });
    const { headline, message, next } = verdictOn(outcome);
    expect(headline).toMatch(new RegExp(`; unknown whether the connection was ${done}$`));
    expect(message).toContain(`It is unknown whether it was then ${done} (on_failed_tests).`);
    expect(next).toContain(`Check in the Fivetran dashboard whether the connection was ${done}.`);
  });

  test.each([
    present({ setup_tests: [failedTest] }, { cleanup: 'deleted', inFlight: 'create' }),
    present({}, { inFlight: 'create' }),
    present({ status: { setup_state: 'broken' } }, { inFlight: 'create' }),
    failedWith('Refused.', { ...created, inFlight: 'create' }),
  ])('whether a create without an answer took effect (%#)', (outcome) => {
    const { message, details, next, grade } = verdictOn(outcome);
    for (const text of [message, details]) expect(text).toContain('connection may still appear');
    expect(next.at(-1)).toMatch(/^Look for another one in the Fivetran dashboard/);
    expect(grade).not.toBe('passed');
  });

  test.each<[string, Outcome]>([
    ['was created. No setup tests ran. It is gone.', present({}, gone)],
    [
      'was created, but the setup test failed: Validating credentials. It is gone.',
      present({ setup_tests: [failedTest] }, gone),
    ],
    [
      'was created, but it is gone. No: 404.',
      failedWith('No: 404.', { ...created, ...gone, pausedBecause: 'of its selection' }),
    ],
    [
      'is gone. No.',
      failedWith('', {
        ...gone,
        connection: connectionOf(),
        inFlight: 'update',
        error: { message: 'No.', shortReason: '404 Not Found', hint: 'Check group_id.' },
      }),
    ],
  ])('a connection that was deleted in the meantime %s', (said, outcome) => {
    const { message, next, grade } = verdictOn(outcome);
    expect(grade).toBe('failed');
    expect(message).toMatch(new RegExp(`^Connection open_mosaic ${said}`));
    expect(message).not.toMatch(/exists|paused|Check group_id/);
    const inTheMeantime = /^The connection was deleted in the meantime.* to create it\.$/;
    expect(next).toEqual([expect.stringMatching(inTheMeantime)]);
    expect(verdictOn(outcome, absentSpec).next[0]).toMatch(/ to settle it\.$/);
  });

  test.each([
    ['created', 'was created and stays'],
    ['reused', 'stays'],
  ] as const)('why a connection that was %s stays paused', (result, stays) => {
    const pausedBecause = 'its selection could not be completed';
    const outcome = failedWith('No such table.', { ...created, result, pausedBecause });
    expect(verdictOn(outcome).message).toBe(
      `Connection open_mosaic ${stays} paused, because its selection could not be completed: No such table.`,
    );
  });
});

describe('the next step', () => {
  const nextOn = (...args: Parameters<typeof verdictOn>) => verdictOn(...args).next.join(' ');

  test.each([
    ['fail', 'with `if_exists: update`, which finds this connection'],
    ['update', 'Then run the step again.'],
    ['reuse', 'Then run the step again.'],
  ] as const)('after failed tests with if_exists: %s', (if_exists, expected) => {
    const next = nextOn(withTests(failedTest, failedTest), { ...spec, if_exists });
    expect(next).toMatch(/^Fix what the failed tests report(?!.*Fix)/);
    expect(next).toContain(expected);
  });

  test('does not advise to look up a connection that has no name in config', () => {
    const next = nextOn(withTests(failedTest), { ...spec, name: undefined });
    expect(next).not.toContain('if_exists');
  });

  test('does not look for a connection that was deleted', () => {
    const outcome = present({ setup_tests: [failedTest] }, { cleanup: 'deleted' });
    expect(nextOn(outcome)).not.toContain('if_exists');
    expect(verdictOn(outcome).message).toMatch(/ It was then deleted \(on_failed_tests\)\.$/);
  });

  test('names the input for the kind of identity, and no other', () => {
    expect(nextOn(withTests(keyTest))).toContain('`trusted_fingerprints`');
    expect(nextOn(withTests(keyTest))).not.toContain('certificate');
    expect(nextOn(withTests(certificateTest))).toContain('`trusted_certificates`');
    expect(nextOn(withTests(certificateTest))).not.toContain('host key');
  });

  test('of an incomplete connection is its connect card, if there is one', () => {
    const status = { setup_state: 'incomplete' };
    const connect_card = { token: 't', uri: 'https://fivetran.com/connect-card?auth=t' };
    expect(nextOn(present({ status, connect_card }))).toContain('`connect_card_uri`');
    expect(nextOn(present({ status, connect_card }))).not.toContain('auth=t');
    expect(nextOn(present({ status }))).toContain('`connect_card_config`');
  });

  test('of a connection whose tests did not run is to run them', () => {
    const untested = { ...spec, request: { ...spec.request, run_setup_tests: false } };
    const next = nextOn(present({ status: { setup_state: 'incomplete' } }), untested);
    expect(next).toMatch(/^The setup tests have not run\..*without `run_setup_tests: false`/);
    expect(next).not.toContain('connect_card');
    for (const known of [
      { setup_tests: [passedTest] },
      { connect_card: { uri: 'x', token: 't' } },
    ]) {
      const outcome = present({ status: { setup_state: 'incomplete' }, ...known });
      expect(nextOn(outcome, untested)).not.toContain('have not run');
    }
  });

  test('of a broken connection is to look at it, unless it was deleted', () => {
    expect(nextOn(withState('broken'))).toMatch(/^Open the .* to see what it is waiting for\.$/);
    const broken = present({ status: { setup_state: 'broken' } }, { cleanup: 'deleted' });
    expect(nextOn(broken)).toBe('');
  });

  test.each([
    ['DEFERRED', 'The status is unknown to this version of the action.'],
    ['JOB_FAILED', 'Fivetran could not run the test. Try again later'],
  ])('after the status %s says so', (status, advice) => {
    const next = nextOn(withTests({ title: 'Test', status }));
    expect(next).toContain(advice);
    expect(next).not.toContain('Fix what');
  });

  test.each([
    ['failed', 'Open the connection in the Fivetran dashboard to see why the sync failed.'],
    ['timed out', 'To wait longer, raise `sync_timeout_minutes`.'],
    ['cancelled', 'Run the step again to start another sync.'],
    ['succeeded', 'Review the warnings of the setup tests; they do not fail the step.'],
  ] as const)('after a sync that %s', (state, advice) => {
    const sync = { state, message: '' };
    expect(nextOn(present({ setup_tests: [warnedTest] }, { sync }))).toBe(advice);
  });

  test('of an entry of a manifest names no output that a manifest does not have', () => {
    const connect_card = { token: 't', uri: 'https://fivetran.com/connect-card?auth=t' };
    const outcome = present({ status: { setup_state: 'incomplete' }, connect_card });
    expect(nextOn(outcome, spec, 'manifest')).toBe('Finish the setup in the Fivetran dashboard.');
  });
});

describe('after an error', () => {
  const error = 'Could not run the setup tests: Fivetran answered 500.';

  test('the message says what is certain of the connection', () => {
    const known = { connection: connectionOf(), result: 'created' } as const;
    expect(verdictOn(failedWith(error, known)).message).toBe(
      `Connection open_mosaic was created. ${error}`,
    );
    const hinted = { message: error, shortReason: '500', hint: 'Check `group_id`.' };
    expect(verdictOn(failedWith('', { error: hinted })).message).toBe(`${error} Check group_id.`);
  });

  test.each([
    [
      'create',
      undefined,
      'The postgres connection billing in group decent_dropsy may exist, or appear later. Look for it in the Fivetran dashboard before you run the step again.',
    ],
    [
      'update',
      connectionOf(),
      'It is unknown whether the update of connection open_mosaic took effect. Run the step again to settle it.',
    ],
    [
      'delete',
      connectionOf(),
      'It is unknown whether connection open_mosaic was deleted. Run the step again to settle it.',
    ],
  ] as const)('a %s without an answer stays in doubt', (inFlight, connection, doubt) => {
    const { message } = verdictOn(failedWith('No answer.', { inFlight, connection }));
    expect(message.endsWith(doubt)).toBe(true);
  });

  test('a connection whose deletion is in doubt is not said to exist', () => {
    const outcome = failedWith('No answer.', { inFlight: 'delete', connection: connectionOf() });
    expect(verdictOn(outcome).message).not.toContain('exists');
  });

  test.each([
    [{ result: 'deleted' }, 'Connection open_mosaic was deleted.'],
    [{ result: 'absent' }, 'Connection open_mosaic does not exist.'],
    [
      { result: 'created', cleanup: 'deleted' },
      'Connection open_mosaic was created and then deleted.',
    ],
  ] as const)('a connection that is gone is said to be: %j', (known, sentence) => {
    const outcome = failedWith('Out of luck.', { ...known, connection: connectionOf() });
    expect(verdictOn(outcome).message).toBe(`${sentence} Out of luck.`);
  });

  test('failed tests are not forgotten', () => {
    const connection = connectionOf({ setup_tests: [failedTest] });
    const { message } = verdictOn(failedWith(error, { connection, result: 'created' }));
    expect(message).toContain('the setup test failed: Validating credentials.');
  });
});

test.each([
  [{}, 'The postgres connection billing in group decent_dropsy: nothing was changed.'],
  [{ connection: connectionOf(), result: 'created' }, 'Connection open_mosaic was created.'],
  [{ connection: connectionOf(), result: 'reused' }, 'Connection open_mosaic exists.'],
  [
    { inFlight: 'create' },
    'The postgres connection billing in group decent_dropsy may exist, or appear later. Look for it in the Fivetran dashboard before you run the step again.',
  ],
] as const)('after a crash with %j, what is known is said', (known, sentence) => {
  expect(lastKnown(stateOf(known))).toBe(sentence);
});

test.each([
  ['open_mosaic', 'open_mosaic'],
  ['../x?y#z', '..%2Fx%3Fy%23z'],
  ['a"><b>', 'a%22%3E%3Cb%3E'],
])('the dashboard page of %s is at Fivetran', (id, part) => {
  expect(dashboardUrl(id)).toBe(`https://fivetran.com/dashboard/connections/${part}/status`);
});
