import { on } from '../harness/faults.ts';
import { entriesOf, manifestOfSize, resultsOf } from '../harness/manifests.ts';
import { failureOf, stackLinesOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

/** JSON text with this many levels of nesting. */
const nested = (depth: number) => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;

/** Answers a create with a failed test that has these details, given as JSON text. */
const answeringDetails = (details: string, nth = 1) => {
  const test = `{"title":"Reading","status":"FAILED","message":"no","details":${details}}`;
  const data = `{"id":"deep_one","schema":"deep","service":"15five","setup_tests":[${test}]}`;
  const body = `{"code":"Success","data":${data}}`;
  return on('create', { kind: 'status', status: 201, when: 'after', nth, body });
};

describe('a deeply nested answer', () => {
  test.each([200, 5_000, 100_000])(
    'is truncated, and fails only its own entry: %i levels',
    async (depth) => {
      const run = await runStep(
        { manifest: manifestOfSize(6), inputs: { max_parallel: 2 } },
        { faults: [answeringDetails(nested(depth), 3)] },
      );
      expect(run.connections).toHaveLength(6);
      expect(resultsOf(run)).toEqual({
        source_1: 'created',
        source_2: 'created',
        source_3: 'failed created',
        source_4: 'created',
        source_5: 'created',
        source_6: 'created',
      });
      expect(entriesOf(run).source_3?.error).toMatch(/the setup test failed: Reading/);
      expect(failureOf(run)).toMatch(/^1 of 6 connections failed: source_3\./);
      expect(run.summary).toContain('source_6');
      expect(stackLinesOf(run)).toEqual([]);
    },
  );

  test('fails a single connection with its outputs and summary', async () => {
    const run = await runStep({}, { faults: [answeringDetails(nested(4_000))] });
    expect(failureOf(run)).toContain('the setup test failed: Reading');
    expect(JSON.parse(run.outputs.failed_tests ?? '')).toMatchObject([{ title: 'Reading' }]);
    expect(run.summary).toContain('Reading');
  });
});
