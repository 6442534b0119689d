import { foreignMarkup } from '../markup.ts';
import { commandReader } from '../sandbox/runner/workflow-commands.mjs';
import { annotated, answering, type Ran, runStep } from './step.ts';

/** The commands that the runner takes from a log, masks apart. */
function commandsOf({ log }: Ran) {
  const read = commandReader();
  return log
    .split(/\r?\n/)
    .flatMap((line) => read(line) ?? [])
    .filter(({ name }) => name !== 'add-mask');
}

const inputs = {
  config: 'schema: crm\napi_key: ${API_KEY}',
  connect_card_config: 'redirect_uri: https://x.example',
};
const env = { API_KEY: 'key-of-the-source' };

describe('a connection whose tests are hostile', () => {
  let ran: Ran;

  beforeAll(async () => {
    ran = await runStep({ inputs, env }, { scenario: 'hostile' });
  });

  test('fails as one with failed tests does', () => {
    expect(ran.exitCode).toBe(1);
    expect(ran.outputs).toMatchObject({
      connection_id: ran.connections[0]?.id,
      result: 'created',
      group_id: 'decent_dropsy',
    });
    expect(JSON.parse(ran.outputs.failed_tests ?? '')).toHaveLength(4);
    expect(annotated(ran, 'error').at(-1)).toContain('4 of 6 setup tests failed');
  });

  test('starts no workflow command', () => {
    const commands = commandsOf(ran);
    expect(new Set(commands.map(({ name }) => name))).toEqual(new Set(['error', 'warning']));
    expect(commands.filter(({ name }) => name === 'error')).toHaveLength(5);
    expect(commands.map(({ properties }) => properties.title)).not.toContain('forged');
    expect(commands.map(({ message }) => message)).not.toContain('forged');
    expect(ran.log).not.toContain('##[');
    for (const { message } of commands) expect(message).not.toMatch(/\n\s*::/);
  });

  test('sets no output', () => {
    expect(Object.values(ran.outputs)).not.toContain('forged');
  });

  test('puts no control character into the log', () => {
    expect(ran.log.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  });

  test('brings nothing to life in the summary', () => {
    expect(foreignMarkup(ran.summary)).toEqual([]);
    expect(ran.summary).toContain('&#60;script&#62;');
    expect(Buffer.byteLength(ran.summary)).toBeLessThan(1024 * 1024);
  });
});

test('a text at the start of a line starts no workflow command', async () => {
  const forged = '::error title=forged::forged';
  const test = { title: forged, status: forged, message: forged };
  const setup_tests = [
    test,
    { ...test, status: `\n  ${forged}` },
    { ...test, status: `\r${forged}` },
  ];
  const status = { setup_state: forged, sync_state: '##[error]forged' };
  const ran = await runStep({}, answering({ setup_tests, status, schema: forged }));
  const commands = commandsOf(ran);
  expect(commands).toHaveLength(4);
  expect(commands.map(({ properties }) => properties)).toEqual([
    { title: forged },
    { title: forged },
    { title: forged },
    {},
  ]);
  expect(ran.log).not.toContain('##[');
  expect(foreignMarkup(ran.summary)).toEqual([]);
});

describe('a refusal that is hostile', () => {
  let ran: Ran;

  beforeAll(async () => {
    ran = await runStep({ inputs, env }, { scenario: 'hostile-error' });
  });

  test('fails with one line', () => {
    expect(ran.exitCode).toBe(1);
    const [error = '', ...more] = annotated(ran, 'error');
    expect(more).toEqual([]);
    expect(error).toContain('Fivetran answered 400 Invalid');
    expect(error).not.toContain('\n');
  });

  test('starts no workflow command, and brings nothing to life in the summary', () => {
    expect(commandsOf(ran).map(({ name }) => name)).toEqual(['error']);
    expect(commandsOf(ran)[0]?.properties).toEqual({});
    expect(ran.log.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(foreignMarkup(ran.summary)).toEqual([]);
  });
});
