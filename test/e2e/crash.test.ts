import { join } from 'node:path';
import { onSignal, runCancelled, testWithSignals } from '../harness/cancelling.ts';
import { temporaryFolder } from '../harness/cleanup.ts';
import { on } from '../harness/faults.ts';
import { annotated, failureOf, stackLinesOf, visible } from '../harness/reading.ts';
import { runBuiltStep } from '../harness/run-built-step.ts';
import type { StepRun } from '../harness/step.ts';

const folder = temporaryFolder();

/** The step failed, with one sentence and no stack. */
function expectOneSentence(run: StepRun, sentence: RegExp): void {
  expect(annotated(run, 'error')).toHaveLength(1);
  expect(failureOf(run)).toMatch(sentence);
  expect(failureOf(run)).not.toContain('\n');
  expect(stackLinesOf(run)).toEqual([]);
  expect(run.exitCode).toBe(1);
}

/** Runs a step that crashes once the sandbox has received its request to create. */
const runCrashing = (crash: string): Promise<StepRun> =>
  runCancelled(
    { at: /fault hang/, signal: 'SIGUSR2', env: onSignal(crash) },
    { faults: [on('create', { kind: 'hang' })] },
  );

test.each([
  ['is missing', join(folder, 'nowhere', 'output')],
  ['is a folder', folder],
])(
  'an output file that %s fails the step, and the log names what exists',
  async (_, GITHUB_OUTPUT) => {
    const run = await runBuiltStep({ env: { GITHUB_OUTPUT } });
    expectOneSentence(run, /^Could not write the step's outputs to .*output|nowhere|tmp/);
    expect(run.connections).toHaveLength(1);
    expect(run.log).toContain(String(run.ids[0]));
  },
);

describe('an unforeseen crash', () => {
  testWithSignals.each([
    ['an exception', 'throw new Error("boom\\n::warning::forged")'],
    ['a rejection', 'Promise.reject(new Error("boom\\n::warning::forged"))'],
  ])('(%s) fails the step with one sentence', async (_, crash) => {
    const run = await runCrashing(crash);
    expectOneSentence(run, /^Internal error: boom/);
    expect(run.log).toMatch(/^::debug::.*boom.*%0A\s+at /m);
    expect(annotated(run, 'warning')).toEqual([]);
    // The log names the connection in progress.
    expect(run.log).toMatch(/15five connection crm in group decent_dropsy may exist/);
  });

  testWithSignals.each(['throw "boom"', 'throw undefined'])(
    'with a value that is not an error: %s',
    async (crash) => {
      const run = await runCrashing(crash);
      expectOneSentence(run, /^Internal error: \S/);
    },
  );

  testWithSignals('prints no secret', async () => {
    const crash = 'throw new Error("with " + process.env.INPUT_API_SECRET)';
    const run = await runCrashing(crash);
    expect(run.exitCode).toBe(1);
    expect(run.sent).toEqual(['create']);
    expect(visible(run)).not.toContain(run.sandbox.apiSecret);
  });
});
