import type { Outcome } from '../../../../src/connection/outcome.ts';
import type { ConnectionSpec } from '../../../../src/inputs/spec.ts';
import { connectionSummary } from '../../../../src/report/pages/summary.ts';
import { foreignMarkup } from '../../../project/markup.ts';
import { failedTest, present, reportOf, spec } from '../outcomes.ts';

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
