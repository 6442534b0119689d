import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { on } from '../agreement.ts';
import { closeAll } from '../fault-run.ts';
import { failureOf, inputsFor, openSandbox, runStep, stackLines } from '../fault-step.ts';

afterEach(closeAll);

const folder = mkdtempSync(join(tmpdir(), 'crash-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The step failed, with one sentence and no stack. */
function expectOneSentence(result: Awaited<ReturnType<typeof runStep>>, sentence: RegExp): void {
  const errors = result.annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  expect(failureOf(result)).toMatch(sentence);
  expect(failureOf(result)).not.toContain('\n');
  expect(stackLines(result)).toEqual([]);
  expect(result.exitCode).toBe(1);
}

/** Loaded before the action: as soon as it listens for crashes, this one comes. */
const crashing = (crash: string) => {
  const script = `process.on('newListener', (event) => {
    if (event === 'unhandledRejection') setImmediate(() => { ${crash} });
  });`;
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(script)}"` };
};

describe('an output file that can not be written', () => {
  test.each([
    ['is missing', join(folder, 'nowhere', 'output')],
    ['is a folder', folder],
  ])('fails the step when it %s, and the log names what was made', async (_, GITHUB_OUTPUT) => {
    const sandbox = await openSandbox();
    const result = await runStep({ inputs: inputsFor(sandbox), env: { GITHUB_OUTPUT } });
    expectOneSentence(result, /Something went wrong in the action itself: /);
    expect(result.log).toContain(`Connection ${sandbox.connections[0]?.id} exists`);
    expect(sandbox.connections).toHaveLength(1);
  });
});

test('a summary file that can not be written only warns', async () => {
  const sandbox = await openSandbox();
  const env = { GITHUB_STEP_SUMMARY: join(folder, 'nowhere', 'summary') };
  const result = await runStep({ inputs: inputsFor(sandbox), env });
  const warnings = result.annotations.filter(({ level }) => level === 'warning');
  expect(warnings).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/summary/) }),
  ]);
  expect(result.outputs.connection_id).toBe(sandbox.connections[0]?.id);
  expect(stackLines(result)).toEqual([]);
  expect(result.exitCode).toBe(0);
});

describe('a crash that nobody foresaw', () => {
  test.each([
    ['an exception', 'throw new Error("boom\\n::warning::forged")'],
    ['a rejection', 'Promise.reject(new Error("boom\\n::warning::forged"))'],
  ])('(%s) is a failed step with one sentence', async (_, crash) => {
    const sandbox = await openSandbox({ faults: [on('create', { kind: 'hang' })] });
    const result = await runStep({ inputs: inputsFor(sandbox), env: crashing(crash) });
    expectOneSentence(result, /Something went wrong in the action itself: boom/);
    expect(result.log).toMatch(/^::debug::.*boom.*%0A\s+at /m);
    expect(result.annotations.filter(({ level }) => level === 'warning')).toEqual([]);
  });

  test.each(['throw "boom"', 'Promise.reject("boom")', 'throw undefined', 'throw { boom: 1 }'])(
    'with what is no error: %s',
    async (crash) => {
      const sandbox = await openSandbox({ faults: [on('create', { kind: 'hang' })] });
      const result = await runStep({ inputs: inputsFor(sandbox), env: crashing(crash) });
      expectOneSentence(result, /Something went wrong in the action itself: \S/);
    },
  );

  test('keeps the secrets in it to itself', async () => {
    const sandbox = await openSandbox({ faults: [on('create', { kind: 'hang' })] });
    const script = `throw new Error("with " + process.env.INPUT_API_SECRET)`;
    const inputs = inputsFor(sandbox);
    const result = await runStep({ inputs, env: crashing(`setTimeout(() => { ${script} })`) });
    expect(result.exitCode).toBe(1);
    const shown = result.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(shown.join('\n')).not.toContain(sandbox.apiSecret);
  });
});
