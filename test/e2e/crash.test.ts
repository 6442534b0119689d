import { join } from 'node:path';
import { temporaryFolder } from '../harness/cleanup.ts';
import { on } from '../harness/faults.ts';
import { annotated, failureOf, stackLinesOf, visible } from '../harness/reading.ts';
import { runBuiltStep } from '../harness/run-built-step.ts';
import type { StepRun } from '../harness/step.ts';

const folder = temporaryFolder();
const hanging = { faults: [on('create', { kind: 'hang' })] };

/** The step failed, with one sentence and no stack. */
function expectOneSentence(run: StepRun, sentence: RegExp): void {
  expect(annotated(run, 'error')).toHaveLength(1);
  expect(failureOf(run)).toMatch(sentence);
  expect(failureOf(run)).not.toContain('\n');
  expect(stackLinesOf(run)).toEqual([]);
  expect(run.exitCode).toBe(1);
}

/** Loaded before the action; crashes as soon as the action listens for crashes. */
const crashing = (crash: string) => {
  const script = `process.on('newListener', (event) => {
    if (event === 'unhandledRejection') setTimeout(() => { ${crash} }, 200);
  });`;
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(script)}"` };
};

test.each([
  ['is missing', join(folder, 'nowhere', 'output')],
  ['is a folder', folder],
])(
  'an output file that %s fails the step, and the log names what exists',
  async (_, GITHUB_OUTPUT) => {
    const run = await runBuiltStep({ env: { GITHUB_OUTPUT } });
    expectOneSentence(run, /^Internal error: /);
    expect(run.connections).toHaveLength(1);
    expect(run.log).toContain(String(run.ids[0]));
  },
);

test('a summary file that cannot be written only warns', async () => {
  const env = { GITHUB_STEP_SUMMARY: join(folder, 'nowhere', 'summary') };
  const run = await runBuiltStep({ env });
  expect(annotated(run, 'warning')).toEqual([expect.stringMatching(/summary/)]);
  expect(run.outputs.connection_id).toBe(run.ids[0]);
  expect(stackLinesOf(run)).toEqual([]);
  expect(run.exitCode).toBe(0);
});

describe('an unforeseen crash', () => {
  test.each([
    ['an exception', 'throw new Error("boom\\n::warning::forged")'],
    ['a rejection', 'Promise.reject(new Error("boom\\n::warning::forged"))'],
  ])('(%s) fails the step with one sentence', async (_, crash) => {
    const run = await runBuiltStep({ env: crashing(crash) }, hanging);
    expectOneSentence(run, /^Internal error: boom/);
    expect(run.log).toMatch(/^::debug::.*boom.*%0A\s+at /m);
    expect(annotated(run, 'warning')).toEqual([]);
    // The log names the connection in progress.
    expect(run.log).toMatch(/15five connection crm in group decent_dropsy may exist/);
  });

  test.each(['throw "boom"', 'throw undefined'])(
    'with a value that is not an error: %s',
    async (crash) => {
      const run = await runBuiltStep({ env: crashing(crash) }, hanging);
      expectOneSentence(run, /^Internal error: \S/);
    },
  );

  test('prints no secret', async () => {
    const crash = 'throw new Error("with " + process.env.INPUT_API_SECRET)';
    const run = await runBuiltStep({ env: crashing(crash) }, hanging);
    expect(run.exitCode).toBe(1);
    expect(run.sent).toEqual(['create']);
    expect(visible(run)).not.toContain(run.sandbox.apiSecret);
  });
});
