import type { Outcome } from '../../../../src/connection/outcome.ts';
import type { ConnectionSpec } from '../../../../src/inputs/spec.ts';
import { connectionComment } from '../../../../src/report/pages/comment.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { failedTest, failedWith, present, reportOf, spec } from '../outcomes.ts';

const summaryOf = (outcome: Outcome, wanted: ConnectionSpec = spec, secrets: string[] = []) =>
  connectionSummary(reportOf(outcome, wanted, secrets));

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
