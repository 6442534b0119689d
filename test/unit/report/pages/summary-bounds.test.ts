import * as fc from 'fast-check';
import type { Outcome } from '../../../../src/connection/outcome.ts';
import type { ConnectionSpec } from '../../../../src/inputs/spec.ts';
import { connectionComment } from '../../../../src/report/pages/comment.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { connectionOf } from '../../../harness/connections.ts';
import { foreignMarkup } from '../../../project/markup.ts';
import { hostKey } from '../../../sandbox/fixtures.mjs';
import { hostile } from '../hostile.ts';
import { dryRun, failedTest, failedWith, present, reportOf, spec } from '../outcomes.ts';

const summaryOf = (outcome: Outcome, wanted: ConnectionSpec = spec, secrets: string[] = []) =>
  connectionSummary(reportOf(outcome, wanted, secrets));

test('a summary is not longer than the runner takes', () => {
  const long = '<&'.repeat(20_000);
  const setup_tests = Array.from({ length: 100 }, () => ({
    ...{ title: long, status: 'FAILED', message: long, details: long },
  }));
  const tasks = Array.from({ length: 100 }, (_, at) => ({ message: `${at}${long}` }));
  const notes = Array.from({ length: 100 }, () => long);
  const summary = summaryOf(present({ setup_tests, status: { tasks } }, { notes }));
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
  expect(foreignMarkup(summary).map((part) => part.slice(0, 100))).toEqual([]);
});

test('what does not fit is counted', () => {
  const setup_tests = Array.from({ length: 3000 }, (_, at) => ({
    ...{
      ...failedTest,
      title: `Test ${at}.`,
      message: 'x'.repeat(2000),
      details: 'y'.repeat(8000),
    },
  }));
  const summary = summaryOf(present({ setup_tests }));
  for (const [shown, left] of [
    [summary.match(/<td>Test \d+\.<\/td>/g), /<p>And (\d+) more setup tests\.<\/p>/.exec(summary)],
    [
      summary.match(/<summary>Details: Test \d+\./g),
      /<p>The details of (\d+) more setup tests did not fit\.<\/p>/.exec(summary),
    ],
  ]) {
    expect(shown?.length).toBeGreaterThan(20);
    expect((shown?.length ?? 0) + Number(left?.[1])).toBe(3000);
  }
});

describe('a secret that an answer gives back', () => {
  const secret = 'quo"te \\ and\nthe second line';
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

  test.each<[string, object]>([
    ['a message', { message: `got ${secret}` }],
    ['details that are text', { details: secret }],
    ['details that are an object', { details: { got: secret } }],
    ['details with JSON in them', { details: { got: inJson(secret) } }],
    ['a message that is an object', { message: { got: secret } }],
    ['a key', { details: { [secret]: 1 } }],
    ['a title', { title: secret }],
    ['a title, where it is cut', { title: `${'x '.repeat(70)}${secret}` }],
    ['details, where they are cut', { details: `${'x'.repeat(7990)}${secret}` }],
    ['a message, where it is cut', { message: `${'x'.repeat(290)}${secret}` }],
  ])('is neither in the summary nor in the comment: %s', (_where, more) => {
    const report = reportOf(present({ setup_tests: [{ ...failedTest, ...more }] }), spec, [secret]);
    expect(connectionSummary(report)).toContain('***');
    const written = connectionSummary(report) + connectionComment(report);
    expect(written).not.toMatch(/quo|the second line|te &#92; and/);
  });

  test('is redacted in the heading and the facts', () => {
    const named = { ...spec, group_id: 's3cret-word', service: 's3cret-word', name: 's3cret-word' };
    expect(summaryOf(failedWith('No.'), named, ['s3cret-word'])).not.toContain('s3cret');
    expect(reportOf(failedWith('No.'), named, ['s3cret-word']).service).toBe('***');
  });

  test('is not left by halves where a sentence of an error ends', () => {
    const summary = summaryOf(failedWith('It says: pass. word'), spec, ['pass. word']);
    expect(summary).not.toContain('pass');
  });
});

const text = fc.option(hostile, { nil: undefined });
const detail = fc.oneof(
  fc.constant(undefined),
  hostile,
  fc.record({ public_key: hostile.map((name) => `${hostKey.public_key}${name}`), name: hostile }),
  fc.array(fc.dictionary(hostile, hostile), { maxLength: 3 }),
);
const sayings = fc.array(fc.record({ code: text, message: text }), { maxLength: 2 });
const answer = fc.record({
  id: hostile.map((id) => id || 'x'),
  group_id: text,
  service: text,
  schema: text,
  status: fc.record({
    setup_state: fc.oneof(text, fc.constantFrom('connected', 'broken', 'incomplete')),
    sync_state: text,
    tasks: sayings,
    warnings: sayings,
  }),
  setup_tests: fc.array(
    fc.record({
      title: hostile,
      status: fc.oneof(hostile, fc.constantFrom('PASSED', 'WARNING')),
      message: hostile,
      details: detail,
    }),
    { maxLength: 4 },
  ),
});
const notes = fc.array(hostile, { maxLength: 2 });
const change = fc.record({
  field: hostile,
  from: hostile,
  to: hostile,
  shown: fc.constantFrom('values', 'name', 'sent-again'),
});
const path = fc.array(hostile, { maxLength: 3 });
const selectionChange = fc.record({
  path,
  field: fc.constantFrom('enabled', 'sync_mode', 'hashed'),
  from: hostile,
  to: fc.oneof(hostile, fc.boolean()),
});
const paths = fc.array(path, { maxLength: 3 });
const selection = fc
  .record({ tables: paths, locked: paths, hashed: paths, excluded: paths })
  .map((names) => ({
    schemas: { enabled: 1, disabled: 0 },
    tables: { enabled: 2, disabled: 3 },
    columns: { enabled: 0, disabled: 0 },
    hashed: 0,
    names,
  }));
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc
    .tuple(answer, notes, selection)
    .map(([given, notes, selection]) => present(given, { notes, selection })),
  fc
    .tuple(answer, hostile)
    .map(([given, error]) => failedWith(error, { connection: connectionOf(given) })),
  fc
    .record({
      problems: notes,
      warnings: notes,
      steps: notes,
      fieldChanges: fc.array(change, { maxLength: 2 }),
      selectionChanges: fc.array(selectionChange, { maxLength: 2 }),
    })
    .map((found) => dryRun({ plan: 'update', ...found })),
);

test('whatever Fivetran answers, summary and comment have no markup but their own', () => {
  fc.assert(
    fc.property(outcome, hostile, (given, name) => {
      const report = reportOf(given, { ...spec, name, service: name });
      expect(foreignMarkup(connectionSummary(report))).toEqual([]);
      expect(foreignMarkup(connectionComment(report))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
