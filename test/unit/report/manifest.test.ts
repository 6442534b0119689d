import { join } from 'node:path';
import type { Outcome } from '../../../src/connection/outcome.ts';
import { type EntryReport, logEntry } from '../../../src/report/manifest/entry.ts';
import { manifestHeading, manifestSentence } from '../../../src/report/manifest/verdict.ts';
import { reportManifest } from '../../../src/report/manifest.ts';
import { createStepLog } from '../../../src/report/runner/log.ts';
import { annotated, failureOf, groupsOf } from '../../harness/reading.ts';
import { recordingToolkit } from '../../harness/runner-toolkit.ts';
import { readable } from '../../project/markup.ts';
import {
  bad,
  entry,
  failedEntry,
  fine,
  many,
  passedEntry,
  refused,
  reported,
  warned,
} from './entries.ts';
import {
  dryRun,
  failedTest,
  failedWith,
  present,
  recordedLog,
  redactorOf,
  warnedTest,
} from './outcomes.ts';

describe('the log', () => {
  test('has one group for each entry, titled by its verdict', async () => {
    const groups = groupsOf(await reported({ crm: fine, ads: bad, mail: refused }));
    expect(groups.map(({ title }) => title)).toEqual([
      '✅ crm (postgres): created and connected',
      '❌ ads (postgres): 1 of 3 setup tests failed',
      '❌ mail (postgres): not created (no answer)',
    ]);
    expect(groups[2]?.lines).toEqual([
      'What happened to mail',
      'Could not create it: 403. Check the role.',
    ]);
    expect(groups[1]?.lines).toContainEqual(
      expect.stringMatching(/^Next: Fix what .* in the manifest\./),
    );
  });

  test('has no empty group', () => {
    const { log, result } = recordedLog();
    logEntry({ ...passedEntry, lines: [] }, [], log);
    expect(result().log).toBe(`${passedEntry.title}\n`);
  });

  test('ends with the counts when none failed', async () => {
    const run = await reported({ crm: fine, ads: fine }, { summary: false });
    expect(run.log).toMatch(/\n2 connections: 2 created\.\n$/);
    expect(run.summary).toBe('');
  });

  test('ends with the counts and the names of those that failed', async () => {
    expect(failureOf(await reported({ crm: fine, ads: bad, mail: refused }))).toBe(
      '2 of 3 connections failed: ads, mail. The others: 1 created.',
    );
  });
});

describe('annotations', () => {
  test('have the name of the entry, the message and the next step', async () => {
    const run = await reported({ ads: bad, mail: refused, shop: warned });
    expect(annotated(run, 'error').slice(0, -1)).toEqual([
      'ads: Validating credentials: no entry. Next: Fix what the failed tests report, at the source or in the manifest.',
      'mail: Could not create it: 403. Check the role.',
    ]);
    expect(annotated(run, 'warning')).toEqual(['shop: Reading tables: two are hidden']);
  });

  test('are ten at most, with one for each entry before a second one for any', async () => {
    const twice = present({ setup_tests: [failedTest, { ...failedTest, title: 'Second' }] });
    const names = Array.from({ length: 9 }, (_, at) => `source_${at}`);
    const run = await reported(Object.fromEntries(names.map((name) => [name, twice])));
    const errors = annotated(run, 'error').slice(0, -1);
    expect(errors.map((text) => text.split(':')[0])).toEqual(names);
  });

  test('say once, without the name of an entry, what ended the run for all', async () => {
    const error = {
      message: 'Fivetran answered 401.',
      shortReason: '401 Unauthorized',
      hint: 'Check `api_key`.',
      endsRun: true,
    };
    const run = await reported({
      shop: bad,
      crm: failedWith('', { error }),
      ads: failedWith('', { error }),
    });
    expect(annotated(run, 'error').slice(0, -1)).toEqual([
      'Fivetran answered 401. Check api_key.',
      expect.stringMatching(/^shop: Validating credentials: /),
    ]);
  });

  test('warn of an empty manifest', async () => {
    const run = await reported({});
    expect(annotated(run, 'warning')).toEqual([
      'The manifest has no connections, so there was nothing to do.',
    ]);
    expect(run.exitCode).toBe(0);
  });

  test('do not warn of an empty shard', async () => {
    expect(annotated(await reported({}, { shard: '3/4' }), 'warning')).toEqual([]);
  });
});

test.each<[string, EntryReport[], boolean]>([
  [
    '❌ 1 of 3 Fivetran connections failed, 1 with warnings',
    [passedEntry, failedEntry, entry('w', warned)],
    false,
  ],
  [
    '⚠️ 2 Fivetran connections: 2 created, 1 with warnings',
    [passedEntry, entry('w', warned)],
    false,
  ],
  ['✅ 1 Fivetran connection: 1 created', [passedEntry], false],
  ['✅ No Fivetran connections', [], false],
  ['✅ Dry run: would create 1 Fivetran connection', [entry('d', dryRun())], true],
  [
    '✅ Dry run: 1 Fivetran connection: would do nothing for 1',
    [entry('d', dryRun({ plan: 'nothing' }))],
    true,
  ],
  [
    '⚠️ Dry run: 2 Fivetran connections: would create 1, update 1, 1 with warnings',
    [entry('d', dryRun({ warnings: ['Beta.'] })), entry('e', dryRun({ plan: 'update' }))],
    true,
  ],
  [
    '❌ Dry run: 1 of 1 Fivetran connection would fail',
    [entry('d', dryRun({ problems: ['No.'] }))],
    true,
  ],
])('the heading is: %s', (heading, reports, dry_run) => {
  expect(manifestHeading(reports, { dry_run })).toBe(heading);
});

test('the sentence on a dry run says what a real run would do', () => {
  const plans = ['create', 'nothing', 'create', 'update', 'reuse', 'delete'] as const;
  const reports = plans.map((plan) => entry(plan, dryRun({ plan })));
  expect(manifestSentence(reports, undefined)).toBe(
    '6 connections: 2 to create, 1 with nothing to do, 1 to update, 1 to reuse, 1 to delete.',
  );
  expect(reports[0]?.title).toBe('✅ create (postgres): would create the connection');
});

test('the sentence names the first twenty of many failures', () => {
  const names = Array.from({ length: 20 }, (_, at) => `source_${at}`).join(', ');
  expect(manifestSentence(many(25, failedEntry), '1/2')).toBe(
    `25 of 25 connections in shard 1/2 failed: ${names}, and 5 more.`,
  );
});

test('an entry whose report breaks does not break the others', () => {
  const broken = present();
  Object.defineProperty(broken.connection, 'setup_tests', {
    enumerable: true,
    get() {
      throw new RangeError('Maximum call stack size exceeded');
    },
  });
  const said = expect.stringMatching(/could not be reported: Maximum call \*\*\* exceeded$/);
  expect(entry('crm', broken, ['stack size'])).toMatchObject({
    grade: 'failed',
    connection_id: 'open_mosaic',
    result: 'created',
    exists: false,
    title: '❌ crm: could not be reported',
    ...{ error: said, reason: said, lines: [said] },
    annotations: [{ level: 'error', title: 'crm', text: said }],
  });
});

const selection = {
  ...{ schemas: { enabled: 1, disabled: 0 }, tables: { enabled: 2, disabled: 0 } },
  ...{ columns: { enabled: 0, disabled: 0 }, hashed: 0 },
};
const sync = (state: 'timed out' | 'succeeded') => ({ state, message: 'So it ended.' });

test.each<[RegExp, Outcome]>([
  [
    /^A note\. Another\. Selection: 1 schema/,
    present({}, { notes: ['A note.', 'Another.'], selection }),
  ],
  [/^One\.$/, dryRun({ problems: ['One.', 'Two.'], warnings: ['Beta.'] })],
  [/^Beta\.$/, dryRun({ warnings: ['Beta.'] })],
  [/^Validating credentials: no entry$/, present({ setup_tests: [warnedTest, failedTest] })],
  [/^Validating credentials$/, present({ setup_tests: [{ ...failedTest, message: '' }] })],
  [/^So it ended\.$/, present({}, { sync: sync('timed out') })],
  [/^Slow!$/, present({ status: { setup_state: 'broken', tasks: [{ message: 'Slow!' }] } })],
  [
    /^Finish the setup in the Fivetran dashboard\.$/,
    present({ status: { setup_state: 'incomplete' } }, { sync: sync('succeeded') }),
  ],
  [/^.{1000}… \(truncated\)$/, failedWith('a\nb'.repeat(5000))],
])('the reason of an entry is: %s', (reason, outcome) => {
  expect(entry('crm', outcome).reason).toMatch(reason);
});

test('an entry of a dry run has its findings in its log and as annotations', () => {
  const found = { problems: ['No.'], warnings: ['Beta.'], steps: ['Create it.'] };
  const { lines, annotations } = entry('crm', dryRun(found));
  expect(lines).toEqual(['Problem: No.', 'Warning: Beta.', 'Plan: Create it.']);
  expect(annotations).toEqual([
    { level: 'error', title: 'crm: Dry run', text: 'No.' },
    { level: 'warning', title: 'crm: Dry run', text: 'Beta.' },
  ]);
});

test('an entry whose sync did not succeed has the verdict as an annotation', () => {
  const outcome = present({ setup_tests: [warnedTest] }, { sync: sync('timed out') });
  const next = 'Next: To wait longer, raise sync_timeout_minutes.';
  const { lines, annotations } = entry('crm', outcome);
  expect(lines).toEqual(['So it ended.', next, expect.stringMatching(/^Dashboard: https:/)]);
  expect(annotations).toMatchObject([
    { level: 'warning', title: 'crm: Reading tables' },
    { level: 'error', title: 'crm', text: expect.stringContaining(`So it ended. ${next}`) },
  ]);
  expect(entry('crm', fine).annotations).toEqual([]);
});

test('what an entry has no room for is counted in its log', () => {
  const details = (length: number) => ({
    setup_tests: [{ ...failedTest, details: 'x'.repeat(length) }],
  });
  expect(entry('crm', present(details(5000))).failed_tests).toMatchObject(
    details(5000).setup_tests,
  );
  const fieldChanges = Array.from({ length: 300 }, () => ({
    ...{ field: 'x'.repeat(200), from: 1, to: 2, shown: 'values' as const },
  }));
  const { lines } = entry('crm', present(details(30_000), { result: 'updated', fieldChanges }));
  expect(lines.filter((line) => line.includes('no room'))).toEqual([
    'The output connections has no room for everything: shortened 1 of 1 failed test.',
    expect.stringMatching(/^The output changes .* left out \d+ of 300 changes\.$/),
  ]);
  expect(entry('crm', failedWith('a\nb'.repeat(5000))).error).toMatch(/^.{1000}… \(truncated\)$/);
});

test.each([
  { notes: ['A note.'] },
  { fieldChanges: [{ field: 'paused', from: true, to: false, shown: 'values' as const }] },
  { selectionChanges: [{ path: ['shop'], field: 'enabled', from: true, to: false } as const] },
])('an entry that passed has details where there is more to say: %j', (more) => {
  expect(entry('crm', present({}, { result: 'updated', ...more })).details).not.toEqual([]);
  expect(entry('crm', fine).details).toEqual([]);
});

test.each([
  [join('/work', 'deploy', 'f.yml'), join('deploy', 'f.yml')],
  ['/elsewhere/f.yml', '/elsewhere/f.yml'],
  ['f.yml', 'f.yml'],
  ['top-secret.yml', '***.yml'],
])('the summary names the manifest %s as seen from the workspace', async (path, shown) => {
  const target = { path, shard: undefined };
  const env = { GITHUB_WORKSPACE: '/work' };
  const run = await reported({ crm: fine }, { target, env, secrets: ['top-secret'] });
  expect(readable(run.summary)).toContain(`Manifest ${shown}\n`);
});

test('outputs of a manifest that cannot be written fail the step', async () => {
  const { toolkit, result } = recordingToolkit({});
  const setOutput = (): void => {
    throw new Error('ENOSPC');
  };
  const redactor = redactorOf();
  await reportManifest(
    [passedEntry],
    {
      summary: false,
      comment: undefined,
      dry_run: false,
      target: { path: 'f.yml', shard: undefined },
    },
    {
      log: createStepLog({ ...toolkit, setOutput }, redactor),
      redactor,
      env: {},
      signal: new AbortController().signal,
    },
  );
  expect(failureOf(result())).toMatch(/ to the file in GITHUB_OUTPUT: ENOSPC/);
});
