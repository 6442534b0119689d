import { answeringCreate, on } from '../harness/faults.ts';
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

describe('outputs are bounded', () => {
  const bytes = (text = '') => Buffer.byteLength(text);
  const long = 'ä'.repeat(2000);
  const setup_tests = Array.from({ length: 100 }, (_, at) => ({
    title: `Test ${at}`,
    status: 'FAILED',
    message: long,
    details: { long },
  }));

  test('to 100 kB each, and their JSON stays valid', async () => {
    const answer = { setup_tests, schema: 'ä'.repeat(50_000), unknown: Array(200).fill(long) };
    const { outputs, exitCode } = await runStep({}, answeringCreate(answer));
    expect(exitCode).toBe(1);
    for (const value of Object.values(outputs)) expect(bytes(value)).toBeLessThanOrEqual(100_000);
    for (const name of ['failed_tests', 'setup_tests', 'connection', 'connections']) {
      expect(() => JSON.parse(outputs[name] ?? '')).not.toThrow();
    }
    expect(JSON.parse(outputs.failed_tests ?? '')[0]).toMatchObject({ title: 'Test 0' });
    expect(outputs.failed_test_messages).toMatch(/^Test 0: ä/);
  });

  test('to 900 kB for connections, with every connection in it', async () => {
    const faults = Array.from({ length: 40 }, (_, at) => ({
      ...on('create', {
        kind: 'status' as const,
        status: 201,
        when: 'after' as const,
        nth: at + 1,
        body: {
          code: 'Success',
          data: { id: `id_${at}`, setup_tests: setup_tests.slice(0, 20) },
        },
      }),
    }));
    const run = await runStep({ manifest: manifestOfSize(40) }, { faults });
    expect(bytes(run.outputs.connections)).toBeLessThanOrEqual(900_000);
    const entries = entriesOf(run);
    expect(Object.keys(entries)).toHaveLength(40);
    for (const { error } of Object.values(entries)) expect(error).toBeTruthy();
    expect(bytes(run.summary)).toBeLessThanOrEqual(1024 * 1024);
  });
});
