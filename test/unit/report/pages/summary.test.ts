import type { Outcome } from '../../../../src/connection/outcome.ts';
import type { SyncEnd } from '../../../../src/connection/results.ts';
import type { ConnectionSpec } from '../../../../src/inputs/spec.ts';
import { connectionComment } from '../../../../src/report/pages/comment.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { connectionOf } from '../../../harness/connections.ts';
import { readable, rowsOf } from '../../../project/markup.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../../../sandbox/fixtures.mjs';
import {
  absent,
  absentSpec,
  deleted,
  dryRun,
  failedTest,
  failedWith,
  passedTest,
  present,
  reportOf,
  skippedTest,
  spec,
  warnedTest,
} from '../outcomes.ts';

const summaryOf = (outcome: Outcome, wanted: ConnectionSpec = spec, secrets: string[] = []) =>
  connectionSummary(reportOf(outcome, wanted, secrets));

/** The blocks of a summary, as a reader sees them. */
const blocksOf = (summary: string) => summary.trim().split('\n\n').map(readable);

const gone = { connection: connectionOf(), cleanup: 'deleted' } as const;
const keyTest = { title: 'SSH', status: 'FAILED', message: 'unknown', details: hostKey };

test.each([
  ['✅ billing (postgres): created and connected', present(), spec],
  ['❌ billing (postgres): the setup test failed', present({ setup_tests: [failedTest] }), spec],
  ['✅ billing (postgres): deleted', deleted, absentSpec],
  ['✅ billing (postgres): nothing to delete', absent, absentSpec],
  ['✅ billing (postgres): dry run, would create the connection', dryRun(), spec],
  [
    '❌ billing (postgres): not created (no answer)',
    failedWith('Fivetran answered 401. Check it.'),
    spec,
  ],
  ['✅ crm_1 (mysql): created and connected', present({ schema: 'crm_1', service: 'mysql' }), spec],
  [
    '✅ open_mosaic (postgres): created and connected',
    present({ schema: undefined }),
    { ...spec, name: undefined },
  ],
  ['❌ postgres: not created (no answer)', failedWith('No.'), { ...spec, name: 'postgres' }],
  [
    '✅ open_mosaic: nothing to delete',
    absent,
    { state: 'absent', target: { kind: 'id', connection_id: 'open_mosaic' }, expect: {} },
  ],
  [
    '❌ New connection (postgres): not created (no answer)',
    failedWith('No. Never.'),
    { ...spec, name: undefined },
  ],
] satisfies [string, Outcome, ConnectionSpec][])('begins with: %s', (heading, outcome, wanted) => {
  expect(blocksOf(summaryOf(outcome, wanted))[0]?.replace(/\.$/, '')).toBe(
    heading.replace(/\.$/, ''),
  );
});

test('the facts stand in one line below the heading', () => {
  const outcome = present({
    group_id: 'its_group',
    status: { setup_state: 'incomplete', sync_state: 'scheduled' },
    setup_tests: [passedTest, failedTest, skippedTest],
  });
  const summary = summaryOf(outcome);
  expect(blocksOf(summary)[1]).toBe(
    'Connection open_mosaic (created) · group its_group · setup incomplete · sync scheduled',
  );
  expect(summary).toContain(
    '<a href="https://fivetran.com/dashboard/connections/open_mosaic/status">open_mosaic</a>',
  );
});

test.each([
  ['deleted', deleted],
  [
    'deleted after failed tests',
    present(
      { setup_tests: [failedTest], status: { setup_state: 'connected', sync_state: 'scheduled' } },
      { cleanup: 'deleted' },
    ),
  ],
  ['gone', { ...absent, connection: connectionOf() }],
  ['deleted by another client', present({ setup_tests: [failedTest] }, { isGone: true })],
  ['gone at an error', failedWith('No.', { connection: connectionOf(), isGone: true })],
  ['deleted before an error', failedWith('No.', { connection: connectionOf(), result: 'deleted' })],
  ['absent before an error', failedWith('No.', { connection: connectionOf(), result: 'absent' })],
  ['cleaned up before an error', failedWith('No.', { ...gone, result: 'created' })],
] satisfies [string, Outcome][])('nothing links to a connection that is %s', (_, outcome) => {
  expect(summaryOf(outcome)).not.toContain('href');
  expect(readable(summaryOf(outcome))).not.toMatch(/setup connected|sync scheduled/);
  expect(connectionComment(reportOf(outcome))).not.toContain('href');
});

test('the failed tests come first, then warnings, passed, and skipped', () => {
  const setup_tests = [passedTest, skippedTest, warnedTest, failedTest];
  expect(rowsOf(summaryOf(present({ setup_tests })))).toEqual([
    ['Result', 'Setup test', 'Message'],
    ['❌ FAILED', 'Validating credentials', 'no entry'],
    ['⚠️ WARNING', 'Reading tables', 'two are hidden'],
    ['✅ PASSED', 'Connecting', ''],
    ['⚪ SKIPPED', 'Checking permissions', ''],
  ]);
});

test('there is no column for messages when no test has one', () => {
  const summary = summaryOf(present({ setup_tests: [passedTest, skippedTest] }));
  expect(rowsOf(summary)).toEqual([
    ['Result', 'Setup test'],
    ['✅ PASSED', 'Connecting'],
    ['⚪ SKIPPED', 'Checking permissions'],
  ]);
  expect(summary).toContain(
    '<details><summary>2 setup tests: 1 passed, 1 skipped</summary><table>',
  );
  const warned = { ...warnedTest, details: null };
  expect(summaryOf(present({ setup_tests: [warned] }))).not.toContain('<details>');
});

test('a long message is cut in the table and stands in the details', () => {
  const message = 'word '.repeat(300).trim();
  const summary = summaryOf(present({ setup_tests: [{ ...failedTest, message }] }));
  expect(rowsOf(summary)[1]?.[2]?.length).toBeLessThan(330);
  expect(/<details>.*<pre>(.*?)<\/pre>/.exec(summary)?.[1]).toBe(message);
  const word = 'x'.repeat(100);
  const more = { message: word, details: 'one\ntwo' };
  expect(summaryOf(present({ setup_tests: [{ ...failedTest, ...more }] }))).toContain(
    `<pre>${word}&#10;&#10;one&#10;two</pre>`,
  );
});

test.each([
  [failedTest, 1],
  [warnedTest, 1],
  [passedTest, 0],
  [skippedTest, 0],
])('the details of a test are folded if it failed or warned: $status', (one, count) => {
  // Beside a failed test, so that the table is not folded.
  const setup_tests = [failedTest, { ...one, details: { endpoint: 'https://x.example' } }];
  const summary = summaryOf(present({ setup_tests }));
  expect(summary.split('"endpoint": ')).toHaveLength(count + 1);
  expect(summary.match(/<details><summary>Details: /g) ?? []).toHaveLength(count);
});

test('the next step is right below the table', () => {
  const summary = summaryOf(present({ setup_tests: [failedTest] }));
  const blocks = summary.split('\n\n');
  const table = blocks.findIndex((block) => block.startsWith('<table>'));
  expect(blocks[table + 1]).toMatch(
    /^<p><b>Next:<\/b> .*\. Then run .*<code>if_exists: update<\/code>/,
  );
});

test("an unknown host key is visible as YAML to paste, whatever the answer's own hash is", () => {
  const details = { ...hostKey, hash: 'bm90IHRoZSBoYXNo' };
  const summary = summaryOf(present({ setup_tests: [{ ...keyTest, details }] }));
  expect(summary).toContain(`<pre>trusted_fingerprints: ${hostKeyFingerprint}</pre>`);
  expect(summary.replace(/<details>.*<\/details>/, '')).not.toMatch(/certificate/i);
});

test('an unknown certificate is visible as YAML to paste', () => {
  const summary = summaryOf(present({ setup_tests: [{ ...keyTest, details: [certificate] }] }));
  expect(summary).toContain(
    `<pre>trusted_certificates: &#124;&#10;  ${certificateFingerprint}</pre>`,
  );
  expect(summary.replace(/<details>.*<\/details>/, '')).not.toContain('host key');
});

test('a pinned host key that a test presents is not shown as unknown', () => {
  const pinned = { ...spec, trusted_fingerprints: [hostKeyFingerprint] };
  const summary = summaryOf(present({ setup_tests: [keyTest] }), pinned);
  expect(summary).not.toContain('<pre>trusted_fingerprints');
  const other = { ...spec, trusted_fingerprints: [`SHA256:${'A'.repeat(43)}`] };
  expect(readable(summaryOf(present({ setup_tests: [keyTest] }), other))).toContain(
    'The server presented this SSH host key, which trusted_fingerprints does not list:',
  );
});

test("Fivetran's own reasons and the notes stand beside the verdict, each once", () => {
  const tasks = [{ code: 'reconnect', message: 'Reconnect the account' }, { code: 'only_a_code' }];
  const outcome = present(
    { status: { setup_state: 'broken', tasks } },
    { notes: ['Fivetran named the connection crm_1, not crm.', 'A second note.'] },
  );
  const text = readable(summaryOf(outcome));
  for (const title of ['Notes:', 'Fivetran says:']) expect(text).toContain(title);
  for (const part of ['Reconnect the account', 'only_a_code', 'Fivetran named the connection']) {
    expect(text.split(part)).toHaveLength(2);
  }
});

test('the reason of a failed sync stands once', () => {
  const tasks = [{ message: 'Out of disk.' }];
  const status = { setup_state: 'connected', sync_state: 'scheduled', tasks };
  const sync = {
    state: 'failed',
    message: 'The sync failed. Fivetran says: Out of disk.',
    reasons: ['Out of disk.'],
  } satisfies SyncEnd;
  const summary = readable(summaryOf(present({ status }, { sync })));
  expect(summary.split('Out of disk')).toHaveLength(2);
  expect(summary).not.toContain('sync scheduled');
});

test('the selection is counted', () => {
  const selection = {
    schemas: { enabled: 1, disabled: 2 },
    tables: { enabled: 3, disabled: 40 },
    columns: { enabled: 20, disabled: 1 },
    hashed: 2,
  };
  expect(readable(summaryOf(present({}, { selection })))).toContain(
    'Selection: 1 schema enabled, 2 disabled; 3 tables enabled, 40 disabled; 20 known columns enabled, 1 disabled, 2 hashed.',
  );
});

describe('a selection is told by name', () => {
  const counts = {
    schemas: { enabled: 1, disabled: 0 },
    tables: { enabled: 4, disabled: 6 },
    columns: { enabled: 5, disabled: 1 },
    hashed: 1,
  };
  const shop = (...names: string[]) => names.map((name) => ['shop', ...name.split('.')]);
  const names = {
    tables: shop('events', 'orders', 'users'),
    locked: shop('schema_migrations'),
    hashed: shop('users.email'),
    excluded: shop('users.notes'),
  };
  const told = (more: Partial<typeof names>, numbers = {}) =>
    readable(
      summaryOf(
        present({}, { selection: { ...counts, ...numbers, names: { ...names, ...more } } }),
      ),
    );

  test('where that is short', () => {
    expect(told({})).toContain(
      'Syncs 4 of 10 tables: events, orders, users; and schema_migrations, which Fivetran always syncs. Hashed: users.email. Excluded: users.notes.',
    );
    expect(told({ locked: [], hashed: [], excluded: [] })).toContain(
      'Syncs 4 of 10 tables: events, orders, users.\n',
    );
    expect(told({ tables: [] })).toContain(' tables: schema_migrations, which Fivetran always');
    expect(told({ tables: [], locked: [] })).toContain(' tables. Hashed: shop.users.email. ');
    const longest = { tables: shop(...Array(10).fill('t')), excluded: shop('x'.repeat(400)) };
    expect(told(longest)).toContain('Syncs 4 of 10 tables: t, ');
  });

  test('with schemas, where there are several', () => {
    expect(told({ locked: [['ops', 'jobs']] })).toContain(
      ': shop.events, shop.orders, shop.users; and ops.jobs, which Fivetran always syncs. Hashed: shop.users.email.',
    );
  });

  test('and in numbers where there are too many names', () => {
    expect(told({ tables: shop(...Array(11).fill('t')) })).toContain('Selection: 1 schema enabled');
    expect(told({ excluded: shop('x'.repeat(500)) })).toContain('Selection: 1 schema enabled');
  });
});

test('a cell ends with a sentence, or with a word', () => {
  const messageOf = (message: string) =>
    rowsOf(summaryOf(present({ setup_tests: [{ ...failedTest, message }] })))[1]?.[2];
  expect(messageOf(`${'One sentence. '.repeat(30)}`)).toMatch(/^(One sentence\. )+…$/);
  expect(messageOf('word '.repeat(300).trim())).toMatch(/^(word )+word…$/);
});

test.each<[string, ConnectionSpec]>([
  ['not created', spec],
  ['not deleted', absentSpec],
  [
    'not deleted',
    {
      state: 'absent',
      target: { kind: 'id', connection_id: 'open_mosaic' },
      expect: { name: 'billing', service: 'postgres', group_id: 'decent_dropsy' },
    },
  ],
])('an error is told in full below a short heading: %s', (end, wanted) => {
  const summary = summaryOf(failedWith('Could not create it: 403. Check the role.'), wanted);
  expect(blocksOf(summary)).toEqual([
    `❌ billing (postgres): ${end} (no answer)`,
    'Group decent_dropsy',
    'Could not create it: 403. Check the role.',
  ]);
});

test('a dry run that would fail has each problem once, and each change', () => {
  const outcome = dryRun({
    plan: 'update',
    steps: ['Update 3 fields of connection open_mosaic.', 'Run the setup tests.'],
    fieldChanges: [
      { field: 'sync_frequency', from: 360, to: 60, shown: 'values' },
      { field: 'config.host', from: undefined, to: 'db', shown: 'values' },
      { field: 'config.password', from: 'old-password', to: 'new-password', shown: 'sent-again' },
    ],
    selectionChanges: [
      { path: ['shop', 'users'], field: 'sync_mode', from: 'SOFT_DELETE', to: 'HISTORY' },
    ],
    problems: ['config.hots: unknown field.'],
    warnings: ['config.x is read-only.'],
  });
  const summary = summaryOf(outcome);
  expect(blocksOf(summary).slice(2)).toEqual([
    'Problems',
    'config.hots: unknown field.',
    'Warnings',
    'config.x is read-only.',
    'Changes',
    'sync_frequency: 360 → 60config.host: (not set) → dbconfig.password: sent againtable shop.users: sync_mode SOFT_DELETE → HISTORY',
  ]);
  expect(summary).not.toMatch(/old-password|new-password/);
});

test('a dry run that would succeed has a plan', () => {
  const steps = ['Create the connection.', 'Run the setup tests.'];
  expect(blocksOf(summaryOf(dryRun({ steps }))).slice(1)).toEqual([
    'Group decent_dropsy · nothing was changed',
    'Plan',
    'Create the connection.Run the setup tests.',
  ]);
});

test.each([
  ['not created (403 Forbidden)', {}],
  ['outcome unknown (403 Forbidden)', { inFlight: 'create' }],
  ['created, then failed (403 Forbidden)', { result: 'created', connection: connectionOf() }],
  [
    'created, then paused (403 Forbidden)',
    { result: 'created', cleanup: 'paused', connection: connectionOf() },
  ],
] as const)('a short error is the heading, and its hint the next step: %s', (heading, more) => {
  const error = {
    shortReason: '403 Forbidden',
    message: 'Could not do it: Fivetran answered 403.',
    hint: 'Check the role.',
  };
  const blocks = blocksOf(summaryOf(failedWith('', { error, ...more })));
  expect(blocks[0]).toBe(`❌ billing (postgres): ${heading}`);
  expect(blocks[2]).toContain('Could not do it: Fivetran answered 403.');
  expect(blocks.at(-1)).toMatch(/^Next: Check the role\./);
});

test('an update has its changes in the summary and in the comment', () => {
  const fieldChanges = [{ field: 'paused', from: true, to: false, shown: 'values' as const }];
  const outcome = present({}, { result: 'updated', fieldChanges });
  for (const page of [summaryOf(outcome), connectionComment(reportOf(outcome))]) {
    expect(readable(page)).toContain('paused: true → false');
  }
});

describe('the comment', () => {
  const comment = (outcome: Outcome) => connectionComment(reportOf(outcome));

  test('has the selection, three reasons, the key to trust, and ten tests', () => {
    const tasks = Array.from({ length: 5 }, (_, at) => ({ message: `Reason ${at}.` }));
    const setup_tests = [keyTest, ...Array(11).fill(skippedTest), passedTest];
    const none = { enabled: 0, disabled: 0 };
    const selection = { schemas: none, tables: none, columns: none, hashed: 0 };
    const page = comment(present({ setup_tests, status: { tasks } }, { selection }));
    expect(rowsOf(page)).toHaveLength(11);
    for (const part of [
      ...['Selection: ', 'Fivetran says: Reason 2.', `trusted_fingerprints: ${hostKeyFingerprint}`],
      'And 2 more setup tests.',
    ]) {
      expect(readable(page)).toContain(part);
    }
    expect(page).not.toContain('Reason 3');
  });

  test('has the error, and the first twenty steps of a plan', () => {
    expect(comment(failedWith('It answered 403.'))).toContain('It answered 403.');
    const page = comment(dryRun({ steps: Array(25).fill('Step.') }));
    expect(page.match(/<li>Step/g)).toHaveLength(20);
    expect(page).toContain('<li>And 5 more</li>');
  });
});
