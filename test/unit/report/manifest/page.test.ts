import * as fc from 'fast-check';
import {
  createDetailBudget,
  type EntryReport,
  reportEntry,
} from '../../../../src/report/manifest/entry.ts';
import { manifestComment, manifestSummary } from '../../../../src/report/manifest/page.ts';
import { foreignMarkup, readable, rowsOf } from '../../../project/markup.ts';
import { hostKey, hostKeyFingerprint } from '../../../sandbox/fixtures.mjs';
import {
  entry,
  failedEntry,
  limit,
  many,
  passedEntry,
  refused,
  scope,
  warned,
} from '../entries.ts';
import { hostile } from '../hostile.ts';
import { dryRun, failedTest, present, redactorOf, spec } from '../outcomes.ts';

describe('the summary', () => {
  const all = [passedEntry, entry('shop', warned), entry('mail', refused), failedEntry];

  test('has the failures first, each with its reason', () => {
    expect(rowsOf(manifestSummary(all, scope).split('\n\n')[2] ?? '')).toEqual([
      ['Connection', 'Outcome', 'Setup tests'],
      [
        '❌ mail\npostgres',
        'not created (no answer)\nCould not create it: 403. Check the role.',
        '',
      ],
      [
        '❌ failed\npostgres',
        '1 of 3 setup tests failed\nValidating credentials: no entry',
        '1 failed, 1 passed, 1 skipped',
      ],
      [
        '⚠️ shop\npostgres',
        'created and connected, 1 warning\nReading tables: two are hidden',
        '1 warned',
      ],
      ['✅ passed\npostgres', 'created and connected', '1 passed'],
    ]);
  });

  test('folds the details of what needs explaining', () => {
    const summary = manifestSummary(all, scope);
    const titles = [...summary.matchAll(/^<details><summary>(.*?)<\/summary>/gm)].map(
      ([, title]) => title,
    );
    expect(titles).toEqual([
      '❌ mail (postgres): not created (no answer)',
      '❌ failed (postgres): 1 of 3 setup tests failed',
      '⚠️ shop (postgres): created and connected, 1 warning',
    ]);
    expect(readable(summary.split('\n\n')[1] ?? '')).toBe('Manifest fivetran.yml · 3 created');
    expect(foreignMarkup(summary)).toEqual([]);
  });

  test('has YAML for the manifest when a host key is unknown', () => {
    const key = present({ setup_tests: [{ ...failedTest, details: hostKey }] });
    expect(manifestSummary([entry('ssh', key)], scope)).toContain(
      `<pre>trusted_fingerprints:&#10;  - ${hostKeyFingerprint}</pre>`,
    );
  });

  test('has no link to a connection that was deleted', () => {
    const gone = entry('gone', present({ setup_tests: [failedTest] }, { cleanup: 'deleted' }));
    expect(manifestSummary([gone], scope)).not.toContain('href');
    expect(manifestSummary([passedEntry], scope)).toContain('/connections/open_mosaic/status');
  });

  test('of a thousand connections has all of them', () => {
    expect(rowsOf(manifestSummary(many(1000, passedEntry), scope))).toHaveLength(1001);
  });

  const huge = `<p>${'x'.repeat(8000)}</p>`;
  test.each<[string, EntryReport[]]>([
    ['thousands of rows', many(20_000, passedEntry)],
    ['thousands of failures', many(5000, failedEntry)],
    ['long details', many(300, failedEntry, () => ({ details: [huge] }))],
    ['rows and details', many(9000, failedEntry, () => ({ details: [huge] }))],
    ['long services', many(9000, passedEntry, () => ({ service: 'ü'.repeat(5000) }))],
    ['long ids', many(3, passedEntry, () => ({ connection_id: 'x'.repeat(limit) }))],
    ['long names', many(30, failedEntry, (name) => ({ name: name + '<'.repeat(limit / 20) }))],
    ['long reasons', many(3000, failedEntry, () => ({ reason: '<&'.repeat(5000) }))],
  ])('of %s fits, is well-formed, and counts what is missing', (_, reports) => {
    const summary = manifestSummary(reports, scope);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(limit);
    expect(foreignMarkup(summary).map((part) => part.slice(0, 100))).toEqual([]);
    const rows = (summary.match(/<tr><td>(❌|✅)&#160;(<a [^>]*>)?(source|<)/g) ?? []).length;
    const missing = Number(/<p>And (\d+) more connections\.<\/p>/.exec(summary)?.[1] ?? 0);
    expect(rows + missing).toBe(reports.length);
  });

  test('says of how many failed connections the details are missing', () => {
    const long = many(300, failedEntry, () => ({ details: [`<p>${'x'.repeat(8000)}</p>`] }));
    const reports = [...long, passedEntry, { ...failedEntry, details: [] }];
    const summary = manifestSummary(reports, scope);
    const shown = (summary.match(/^<details>/gm) ?? []).length;
    const missing = Number(/The details of (\d+) more connections did not fit/.exec(summary)?.[1]);
    expect(shown + missing).toBe(301);
  });
});

describe('the comment', () => {
  const blocksOf = (comment: string) => comment.split('\n\n').map(readable);

  test('has fifty rows, the failures first, and counts the others', () => {
    const comment = manifestComment([...many(60, passedEntry), failedEntry], scope);
    const rows = rowsOf(comment);
    expect(rows).toHaveLength(51);
    expect(rows[1]?.[0]).toMatch(/^❌ failed/);
    expect(blocksOf(comment).at(-1)).toBe('And 11 more connections.');
  });

  test('of long texts has room for others', () => {
    const long = '< '.repeat(500);
    const reports = many(50, failedEntry, () => ({ name: long, headline: long, reason: long }));
    const comment = manifestComment(reports, scope);
    expect(Buffer.byteLength(comment)).toBeLessThan(25_000);
    expect(rowsOf(comment).length).toBeGreaterThan(5);
  });

  test('of a dry run has the first ten changes of an entry, and counts the others', () => {
    const changes = Array.from({ length: 15 }, (_, at) => `config.x${at}: < → b`);
    const refused = entry('crm', dryRun({ problems: ['No.'] }));
    const dryScope = { ...scope, shard: '1/2', dry_run: true };
    const comment = manifestComment([{ ...refused, changes }], dryScope);
    expect(blocksOf(comment)[1]).toBe('Manifest fivetran.yml · shard 1/2 · nothing was changed');
    expect(rowsOf(comment)[0]).toEqual(['Connection', 'Outcome']);
    expect(comment.match(/<li>/g)).toHaveLength(11);
    expect(blocksOf(comment).at(-1)).toMatch(/config\.x9: < → bAnd 5 more$/);
    expect(foreignMarkup(comment)).toEqual([]);
    expect(manifestComment([{ ...refused, changes }], scope)).not.toContain('Changes');
    expect(manifestComment([refused], dryScope)).not.toContain('Changes');
  });

  test('of nothing that failed has no counts below its heading, and of nothing no table', () => {
    expect(blocksOf(manifestComment([passedEntry], scope))[1]).toBe('Manifest fivetran.yml');
    expect(blocksOf(manifestComment([], scope))).toHaveLength(2);
  });
});

test('details are kept only as long as a summary has room for them', () => {
  const long = present({ setup_tests: [{ ...failedTest, details: 'x'.repeat(8000) }] });
  const budget = createDetailBudget();
  const reports = Array.from({ length: 300 }, () =>
    reportEntry({ entry: { name: 'crm', spec }, outcome: long }, redactorOf(), budget),
  );
  const kept = reports.flatMap(({ details }) => details).join('').length;
  expect(kept).toBeLessThanOrEqual(1_000_000);
  expect(reports.filter(({ details }) => details.length > 0).length).toBeGreaterThan(50);
});

test('whatever names and answers are, there is no markup but our own', () => {
  const answer = fc.record({
    id: hostile.map((id) => id || 'x'),
    service: hostile,
    status: fc.record({ setup_state: hostile }),
    setup_tests: fc.array(
      fc.record({ title: hostile, status: hostile, message: hostile, details: hostile }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(hostile, answer), { maxLength: 4 }), hostile, (given, path) => {
      const reports = given.map(([name, data]) => entry(name, present(data)));
      expect(foreignMarkup(manifestSummary(reports, { ...scope, path }))).toEqual([]);
      expect(foreignMarkup(manifestComment(reports, { ...scope, path }))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
