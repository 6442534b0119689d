import { answeringCreate, on } from '../harness/faults.ts';
import { entriesOf, manifestOf, manifestOfSize, resultsOf } from '../harness/manifests.ts';
import { annotated, failureOf, stackLinesOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import type { StepRun } from '../harness/step.ts';
import { foreignMarkup } from '../project/markup.ts';
import { commandReader } from '../runner/workflow-commands.mjs';

/** The commands that the runner takes from a log; masks and the debug lines of requests left out. */
function commandsOf({ log }: StepRun) {
  const read = commandReader();
  return log
    .split(/\r?\n/)
    .flatMap((line) => read(line) ?? [])
    .filter(({ name }) => name !== 'add-mask')
    .filter(({ name, message }) => name !== 'debug' || !/^[A-Z]+ \/v1\/\S*: /.test(message));
}

const inputs = {
  config: 'schema: crm\napi_key: ${API_KEY}',
  connect_card_config: 'redirect_uri: https://x.example',
};
const env = { API_KEY: 'key-of-the-source' };

describe('hostile setup tests', () => {
  let run: StepRun;

  beforeAll(async () => {
    run = await runStep({ inputs, env }, { scenario: 'hostile' });
  });

  test('fail the step as other failed tests do', () => {
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({
      connection_id: run.ids[0],
      result: 'created',
      group_id: 'decent_dropsy',
    });
    expect(JSON.parse(run.outputs.failed_tests ?? '')).toHaveLength(4);
    expect(annotated(run, 'error').at(-1)).toContain('4 of 6 setup tests failed');
  });

  test('start no workflow command', () => {
    const commands = commandsOf(run);
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error', 'warning']));
    expect(commands.filter(({ name }) => name === 'error')).toHaveLength(5);
    expect(commands.map(({ properties }) => properties.title)).not.toContain('forged');
    expect(commands.map(({ message }) => message)).not.toContain('forged');
    expect(run.log).not.toContain('##[');
    for (const { message } of commands) expect(message).not.toMatch(/\n\s*::/);
  });

  test('set no output', () => {
    expect(Object.values(run.outputs)).not.toContain('forged');
  });

  test('put no control character into the log', () => {
    expect(run.log.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  });

  test('have no effect as markup in the summary', () => {
    expect(foreignMarkup(run.summary)).toEqual([]);
    expect(run.summary).toContain('&#60;script&#62;');
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
  });
});

describe('texts that look like workflow commands', () => {
  const forged = '::error title=forged::forged';
  const forgedTest = { title: forged, status: forged, message: forged };
  const answer = {
    setup_tests: [
      forgedTest,
      { ...forgedTest, status: `\n  ${forged}` },
      { ...forgedTest, status: `\r${forged}` },
    ],
    status: { setup_state: forged, sync_state: '##[error]forged' },
    schema: forged,
  };

  test('are not executed at the beginning of a line', async () => {
    const run = await runStep({}, answeringCreate(answer));
    const errors = commandsOf(run).filter(({ name }) => name === 'error');
    expect(errors.map(({ properties }) => properties)).toEqual([
      { title: forged },
      { title: forged },
      { title: forged },
      {},
    ]);
    // Fivetran gave the connection another name.
    expect(commandsOf(run).filter(({ name }) => name !== 'error')).toEqual([
      { name: 'warning', properties: {}, message: expect.stringMatching(/^Fivetran named/) },
    ]);
    expect(run.log).not.toContain('##[');
    expect(foreignMarkup(run.summary)).toEqual([]);
  });

  test('are not executed in a manifest or as names of connections', async () => {
    const manifest = manifestOf({
      '::endgroup::': {},
      [`\n${forged}`]: { config: { schema: 'b' } },
      '</summary><b>@octocat': { config: { schema: 'c' } },
    });
    const run = await runStep({ manifest }, { ...answeringCreate(answer), scenario: 'hostile' });
    const commands = commandsOf(run);
    expect(new Set(commands.map(({ name }) => name))).toEqual(
      new Set(['error', 'warning', 'group', 'endgroup']),
    );
    expect(commands.filter(({ name }) => name === 'group')).toHaveLength(3);
    expect(commands.filter(({ name }) => name === 'endgroup')).toHaveLength(3);
    expect(commands.map(({ message }) => message)).not.toContain('forged');
    expect(commands.map(({ properties }) => properties.title)).not.toContain('forged');
    expect(foreignMarkup(run.summary)).toEqual([]);
  });
});

describe('a hostile refusal', () => {
  let run: StepRun;

  beforeAll(async () => {
    run = await runStep({ inputs, env }, { scenario: 'hostile-error' });
  });

  test('fails the step with one line', () => {
    expect(run.exitCode).toBe(1);
    const [error = '', ...more] = annotated(run, 'error');
    expect(more).toEqual([]);
    expect(error).toContain('Fivetran answered 400 Invalid');
    expect(error).not.toContain('\n');
  });

  test('starts no workflow command and has no effect as markup in the summary', () => {
    expect(commandsOf(run).map(({ name, properties }) => [name, properties])).toEqual([
      ['error', {}],
    ]);
    expect(run.log.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(foreignMarkup(run.summary)).toEqual([]);
  });
});

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
