import { type EntryReport, logEntry } from '../../../src/report/manifest/entry.ts';
import { manifestHeading, manifestSentence } from '../../../src/report/manifest/verdict.ts';
import { annotated, failureOf, groupsOf } from '../../harness/reading.ts';
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
import { dryRun, failedTest, failedWith, present, recordedLog } from './outcomes.ts';

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
  const reports = [
    entry('a', dryRun()),
    entry('b', dryRun({ plan: 'nothing' })),
    entry('c', dryRun()),
  ];
  expect(manifestSentence(reports, undefined)).toBe(
    '3 connections: 2 to create, 1 with nothing to do.',
  );
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
  expect(entry('crm', broken)).toMatchObject({
    grade: 'failed',
    connection_id: 'open_mosaic',
    result: 'created',
    title: '❌ crm: could not be reported',
    error: expect.stringContaining('Maximum call stack size exceeded'),
  });
});
