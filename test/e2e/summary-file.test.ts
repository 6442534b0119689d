import { annotated, stackLinesOf } from '../harness/reading.ts';
import { runBuiltStep } from '../harness/run-built-step.ts';

test.each(['', '/nowhere/summary.md'])(
  'a summary file that cannot be written is a warning: %j',
  async (GITHUB_STEP_SUMMARY) => {
    const run = await runBuiltStep({ env: { GITHUB_STEP_SUMMARY } });
    expect(run.exitCode).toBe(0);
    expect(run.outputs.result).toBe('created');
    expect(run.log).toContain('was created and is connected');
    expect(annotated(run, 'warning')).toEqual([expect.stringContaining('job summary')]);
    expect(run.annotations).toHaveLength(1);
    expect(stackLinesOf(run)).toEqual([]);
  },
);
