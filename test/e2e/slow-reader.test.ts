import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onSignal, testWithSignals } from '../harness/cancelling.ts';
import { temporaryFolder } from '../harness/cleanup.ts';
import { on } from '../harness/faults.ts';
import { manifestOf } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { startBuiltStep } from '../harness/run-built-step.ts';

// Both write more than the system keeps for a reader.

test('a slow reader of the log gets every line, the failure line included', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `source_${at}`);
  const manifest = manifestOf(Object.fromEntries(names.map((name) => [name, {}])));
  const GITHUB_STEP_SUMMARY = join(temporaryFolder(), 'summary');
  writeFileSync(GITHUB_STEP_SUMMARY, '');
  const { child, done } = await startBuiltStep(
    { manifest, env: { GITHUB_STEP_SUMMARY } },
    { scenario: 'failed-tests' },
  );
  child.stdout?.pause();
  // The summary is among the last things that a step writes.
  const watcher = watch(GITHUB_STEP_SUMMARY, () => child.stdout?.resume());
  const run = await done;
  watcher.close();
  expect(failureOf(run)).toMatch(/^300 of 300 connections failed/);
  expect(run.exitCode).toBe(1);
});

testWithSignals('a slow reader gets the last lines of a step that crashes', async () => {
  const env = onSignal(`
    process.stdout.write('x'.repeat(1e6) + '\\n');
    process.stderr.write('crashing\\n');
    throw new Error('boom');
  `);
  const { child, done } = await startBuiltStep(
    { env, onOutput: (text) => text.includes('crashing') && child.stdout?.resume() },
    {
      faults: [on('create', { kind: 'hang' })],
      log: (line) => line.includes('fault hang') && child.kill('SIGUSR2'),
    },
  );
  child.stdout?.pause();
  const run = await done;
  expect(failureOf(run)).toMatch(/^Internal error: boom/);
  expect(run.exitCode).toBe(1);
});
