import { InputError, type Problem } from '../../../src/inputs/problem.ts';
import { reportInputErrors } from '../../../src/report/input-errors.ts';
import { annotated, failureOf } from '../../harness/reading.ts';
import { foreignMarkup, readable } from '../../project/markup.ts';
import { recordedLog, redactorOf } from './outcomes.ts';

async function reported(problems: Problem[], { summary = true, secrets = [] as string[] } = {}) {
  const redactor = redactorOf(...secrets);
  const { log, result } = recordedLog(redactor);
  const error = new InputError(problems, { summary, comment: undefined });
  const { signal } = new AbortController();
  await reportInputErrors(error, { log, redactor, env: {}, signal });
  return result();
}

const ofInput = { path: ['paused'], message: 'must be true or false, got "x".' };
const inFile = {
  path: ['connections.crm.sync_frequency'],
  message: 'must be 5 or 15, got 7.',
  file: 'deploy/fivetran.yml',
  line: 12,
};

test('each problem is an annotation, in the diff when it stands in a file', async () => {
  const run = await reported([ofInput, inFile]);
  expect(run.log.trim().split('\n')).toEqual([
    '::error::paused: must be true or false, got "x".',
    '::error file=deploy/fivetran.yml,line=12::connections.crm.sync_frequency: must be 5 or 15, got 7.',
    '::error::2 problems with the inputs. Nothing was sent to Fivetran.',
  ]);
  expect(run.exitCode).toBe(1);
});

test('of many problems the first are annotations, and all are in the log', async () => {
  const problems = Array.from({ length: 30 }, (_, at) => ({ ...inFile, path: [`field_${at}`] }));
  const run = await reported(problems);
  expect(annotated(run, 'error')).toHaveLength(10);
  expect(failureOf(run)).toContain('30 problems');
  for (const { path } of problems) expect(run.log).toContain(`${path}: must be`);
});

test('the summary has all problems, and where they are', async () => {
  const ofFile = { path: [], message: 'has no connections.', file: 'deploy/empty.yml' };
  const { summary } = await reported([ofInput, inFile, ofFile]);
  const text = readable(summary);
  expect(text).toContain('deploy/empty.yml: has no connections.');
  expect(text).toMatch(/^❌ Fivetran connection: 3 problems with the inputs\n/);
  expect(text).toContain('paused: must be true or false, got "x".');
  expect(text).toContain('deploy/fivetran.yml:12: connections.crm.sync_frequency: must be 5 or 15');
  expect(foreignMarkup(summary)).toEqual([]);
});

test('summary: false writes none', async () => {
  expect((await reported([ofInput], { summary: false })).summary).toBe('');
});

test('the outputs are valid JSON, and say why in one line', async () => {
  const { outputs } = await reported([ofInput, inFile]);
  expect(outputs).toMatchObject({
    failed_tests: '[]',
    setup_tests: '[]',
    connection: '{}',
    connections: '{}',
    result: '',
    error: expect.stringMatching(/^paused: must be .* deploy\/fivetran\.yml:12: connections\.crm/),
  });
});

test('a secret in a problem is redacted', async () => {
  const problem = { path: ['config', 's3cret-word'], message: 'got s3cret-word.' };
  const run = await reported([problem], { secrets: ['s3cret-word'] });
  expect(JSON.stringify(run)).not.toContain('s3cret');
});

test('markup in a problem has no effect in the summary', async () => {
  const { summary } = await reported([{ ...inFile, path: ['<img>'], message: '@all [x](//y)' }]);
  expect(foreignMarkup(summary)).toEqual([]);
});
