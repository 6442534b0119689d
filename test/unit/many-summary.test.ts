import * as fc from 'fast-check';
import {
  type EntryReport,
  manyOutput,
  manySummary,
  reportEntry,
  sentenceOn,
} from '../../src/report/manifest-report.ts';
import { makeRedactor } from '../../src/secrets/redactor.ts';
import { SPEC } from '../fault-run.ts';
import { foreignMarkup } from '../markup.ts';
import { progressOf } from './progress-of.ts';

/** The runner takes 1 MiB of a step, and nothing of one that has more. */
const LIMIT = 1024 * 1024;

const row = (name: string, more: Partial<EntryReport> = {}): EntryReport => ({
  name,
  grade: 'passed',
  sentence: 'Connection open_mosaic was created.',
  service: 'postgres',
  connection_id: 'open_mosaic',
  result: 'created',
  setup_state: 'connected',
  failed_tests: [],
  tests: { passed: 3, failed: 0 },
  seconds: 1.5,
  details: '',
  ...more,
});
const failed = (name: string, more: Partial<EntryReport> = {}): EntryReport =>
  row(name, { grade: 'failed', details: '<p>What it has to say.</p>', ...more });

const many = <T>(count: number, make: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(`source_${at}`));

/** How many rows of the table and how many details there are, and how many it says are missing. */
function countsIn(summary: string) {
  const missing = (pattern: RegExp) => Number(pattern.exec(summary)?.[1] ?? 0);
  return {
    rows: (summary.match(/<tr><td>/g) ?? []).length,
    missingRows: missing(/<p>And (\d+) connections? more, which did not fit\.<\/p>/),
    details: (summary.match(/<h3>❌ /g) ?? []).length,
    missingDetails: missing(
      /<p>And the details of (\d+) failed connections? more, which did not fit\.<\/p>/,
    ),
  };
}

const sizeOf = (text: string) => Buffer.byteLength(text);

test('a summary of a few shows all, and says of nothing that it did not fit', () => {
  const summary = manySummary([...many(5, row), failed('bad'), failed('worse')]);
  expect(countsIn(summary)).toEqual({ rows: 7, missingRows: 0, details: 2, missingDetails: 0 });
  expect(summary).toContain('<p>What it has to say.</p>');
  expect(summary).not.toContain('did not fit');
});

test('a thousand connections are all in the table', () => {
  expect(countsIn(manySummary(many(1000, row)))).toMatchObject({ rows: 1000, missingRows: 0 });
});

test.each<[string, EntryReport[]]>([
  ['thousands of rows', many(20_000, row)],
  ['thousands that failed', many(5000, failed)],
  [
    'details that are long',
    many(300, (name) => failed(name, { details: `<p>${'x'.repeat(8000)}</p>` })),
  ],
  ['one whose details are huge', [failed('a', { details: `<p>${'ü'.repeat(LIMIT)}</p>` })]],
  ['both', many(9000, (name) => failed(name, { details: `<p>${'x'.repeat(8000)}</p>` }))],
  ['services that are long', many(9000, (name) => row(name, { service: 'ü'.repeat(5000) }))],
  ['ids that are long', many(3, (name) => row(name, { connection_id: 'x'.repeat(LIMIT) }))],
  ['names that are long', many(30, (name) => failed(name + '<'.repeat(LIMIT / 20)))],
  ['results of many kinds', many(9000, (name) => row(name, { result: `${name} is odd` }))],
])('of %s it has at most 1 MiB, well-formed, and counts what does not fit', (_what, rows) => {
  const summary = manySummary(rows);
  expect(sizeOf(summary)).toBeLessThanOrEqual(LIMIT);
  const counts = countsIn(summary);
  const bad = rows.filter(({ grade }) => grade === 'failed').length;
  expect(counts.rows + counts.missingRows).toBe(rows.length);
  expect(counts.details + counts.missingDetails).toBe(bad);
  expect(foreignMarkup(summary).map((part) => part.slice(0, 100))).toEqual([]);
});

test('huge details of one leave room for those of the others', () => {
  const huge = failed('huge', { details: `<p>${'x'.repeat(2 * LIMIT)}</p>` });
  const counts = countsIn(manySummary([huge, ...many(10, failed)]));
  expect(counts).toMatchObject({ details: 10, missingDetails: 1 });
});

test('whatever the names, services, states and answers, there is no markup but its own', () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '</td></tr></table>',
          '<script>',
          '<!--',
          '\n\n# h\n',
          '`',
          '|',
          '&lt;',
          '@a',
        ),
        fc.constantFrom(
          '#1',
          'https://evil.example',
          'www.evil.example',
          '[x](//y)',
          '\u2028',
          '"',
        ),
        fc.string({ unit: 'binary' }),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join(''));
  const answer = fc.record({
    id: hostile.map((id) => id || 'x'),
    service: hostile,
    status: fc.record({ setup_state: hostile }),
    setup_tests: fc.array(
      fc.record({ title: hostile, status: hostile, message: hostile, details: hostile }),
      { maxLength: 3 },
    ),
  });
  const secrets = makeRedactor(() => {});
  fc.assert(
    fc.property(fc.array(fc.tuple(hostile, hostile, answer), { maxLength: 4 }), (given) => {
      const rows = given.map(([name, service, data]) =>
        reportEntry({ name, spec: { ...SPEC, service } }, progressOf(data), 1500, secrets),
      );
      expect(foreignMarkup(manySummary(rows))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('a row', () => {
  const test401 = { title: 'Login', status: 'FAILED', message: 'got s3cret-value' };
  const setup_tests = [{ title: 'Reach', status: 'PASSED' }, test401];
  const secrets = makeRedactor(() => {});
  secrets.mask('s3cret-value');
  const made = (data: object) =>
    reportEntry({ name: 'crm', spec: SPEC }, progressOf(data), 2500, secrets);

  test('holds no secret, whatever Fivetran gives back', () => {
    const status = { setup_state: 's3cret-value', tasks: [{ code: 'x', message: 's3cret-value' }] };
    const whole = made({ setup_tests, status });
    expect(JSON.stringify(whole)).toContain('***');
    expect(JSON.stringify(whole)).not.toContain('s3cret');
    expect(manyOutput([whole])).not.toContain('s3cret');
  });

  test('counts the tests, and the seconds', () => {
    expect(made({ setup_tests })).toMatchObject({
      tests: { passed: 1, failed: 1 },
      seconds: 2.5,
      grade: 'failed',
    });
  });

  test('comes from any id that Fivetran may give', () => {
    expect(() => manySummary([made({ id: '\ud800 half a letter', setup_tests })])).not.toThrow();
  });
});

test('the whole run is told in a sentence with the counts', () => {
  const rows = [row('a'), row('b', { result: 'updated' }), row('c'), failed('d')];
  expect(sentenceOn(rows)).toBe('1 of 4 connections failed: d. The others: 2 created, 1 updated.');
  expect(sentenceOn(rows.slice(0, 3))).toBe('3 connections: 2 created, 1 updated.');
  expect(sentenceOn([failed('d')], '1/2')).toBe('1 of 1 connection in shard 1/2 failed: d.');
  expect(sentenceOn([], '1/2')).toBe('Nothing to do: there is no connection in shard 1/2.');
});
