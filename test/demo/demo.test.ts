import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { runStep } from '../harness/run-step.ts';
import { declaredInputNames } from '../runner/runner.mjs';
import { closeAll, open, PATH } from '../sandbox/tests/open.ts';
import { flagsFrom } from './flags.mjs';
import { helpText } from './help.mjs';
import { presetNamed, presetNames } from './presets.mjs';
import { outputLines } from './printing/printing.mjs';
import { shortOutputLines } from './printing/short.mjs';
import { resolvePreset } from './resolve.mjs';
import { documentedRequest } from './steps/documented-request.mjs';

afterEach(closeAll);

const DECLARED = declaredInputNames();
const FEW = [...Object.keys(documentedRequest), 'api_key', 'api_secret', 'auth'];

const resolve = (args: string[], declared = DECLARED, env = {}) =>
  resolvePreset(flagsFrom(args), declared, env);

describe('the command line', () => {
  test('runs the documented request by default', () => {
    expect(resolve([]).inputs).toEqual(documentedRequest);
  });

  test('sets inputs and environment variables', () => {
    const args = ['-i', 'paused=true', '--input', 'auth=a=b', '-e', 'NAME=x y', '--debug'];
    const { inputs, env } = resolve(args);
    expect(inputs).toEqual({ ...documentedRequest, paused: 'true', auth: 'a=b' });
    expect(env).toMatchObject({ NAME: 'x y', RUNNER_DEBUG: '1' });
  });

  test.each([
    [['--nope'], "Unknown option '--nope'. See --help."],
    [['nope'], "Unexpected argument 'nope'. See --help."],
    [['-s', 'nope'], "Unknown scenario 'nope'. See --help for the list."],
    [['-i', 'paused'], "--input requires name=value, got 'paused'."],
    [['-i', 'puased=true'], "action.yml declares no input 'puased'. See --help for the list"],
    [['--live'], '--live requires FIVETRAN_APIKEY and FIVETRAN_APISECRET in the environment.'],
  ])('refuses %j', (args, message) => {
    expect(() => resolve(args)).toThrow(message);
  });

  test('requires inputs without a default for --live', () => {
    const env = { FIVETRAN_APIKEY: 'k', FIVETRAN_APISECRET: 's' };
    expect(() => resolve(['--live'], DECLARED, env)).toThrow(
      '--live requires --input group_id=… and --input service=….',
    );
    const { inputs } = resolve(['--live', '-i', 'group_id=g', '-i', 'service=s3'], DECLARED, env);
    expect(inputs).toEqual({ api_key: 'k', api_secret: 's', group_id: 'g', service: 's3' });
  });

  test.each([
    ['export_to=fivetran.yml', '--live requires --input group_id=….'],
    ['manifest=fivetran.yml', undefined],
    ['connection_id=crm_id', undefined],
    ['copy_from=crm_id', undefined],
  ])('requires no more than %s needs for --live', (input, message) => {
    const env = { FIVETRAN_APIKEY: 'k', FIVETRAN_APISECRET: 's' };
    const declared = [...DECLARED, 'export_to', 'copy_from'];
    const live = () => resolve(['--live', '-i', input], declared, env);
    if (message === undefined) expect(live).not.toThrow();
    else expect(live).toThrow(message);
  });

  test('hides and refuses what needs undeclared inputs', () => {
    expect(helpText(DECLARED)).toMatch(/^ {4}reuse /m);
    expect(helpText(DECLARED)).toMatch(/--manifest/);
    expect(helpText(FEW)).not.toMatch(/^ {4}reuse |--manifest|wait_for_sync|Table selection/m);
    expect(() => resolve(['-s', 'reuse'], FEW)).toThrow("can't show the scenario 'reuse'");
    expect(() => resolve(['--manifest'], FEW)).toThrow("can't show --manifest");
  });
});

describe('a preset', () => {
  test('uses only inputs that action.yml declares', () => {
    for (const name of presetNames) {
      expect(DECLARED).toEqual(expect.arrayContaining(Object.keys(presetNamed(name).inputs)));
    }
  });

  /** The inputs of a preset as the values that they stand for. */
  const valuesOf = (name: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(presetNamed(name).inputs).map(([key, text]) => [key, parse(text ?? '')]),
    );

  test.each(['connected', 'host-key-unknown', 'certificate-unknown', 'table-selection'])(
    '(%s) sends a request that the API accepts',
    async (name) => {
      const { if_exists, schemas, schema_change_handling, ...request } = valuesOf(name);
      const { call } = await open();
      const reply = await call('POST', PATH, {
        ...request,
        service: presetNamed(name).inputs.service,
      });
      expect(reply).toMatchObject({ status: 201 });
    },
  );

  test('for table selection names tables and columns of the source, and table-unknown does not', async () => {
    const { sandbox, call } = await open();
    const { id } = sandbox.seed({ service: 'postgres', selection: {} });
    const statusOf = async (name: string) => {
      const { schemas } = valuesOf(name) as {
        schemas: { public: { tables: Record<string, { columns?: Record<string, object> }> } };
      };
      const tables = Object.entries(schemas.public.tables).map(([table, { columns = {} }]) => [
        table,
        {
          enabled: true,
          columns: Object.fromEntries(
            Object.entries(columns).map(([column, choice]) => [
              column,
              { enabled: true, ...choice },
            ]),
          ),
        },
      ]);
      const body = { schemas: { public: { enabled: true, tables: Object.fromEntries(tables) } } };
      return (await call('PATCH', `${PATH}/${id}/schemas`, body)).status;
    };
    expect(await statusOf('table-selection')).toBe(200);
    expect(await statusOf('table-unknown')).toBe(400);
  });
});

test('published-limits shows a wait and the end', async () => {
  const { inputs, env, sandbox } = presetNamed('published-limits');
  const manifest = readFileSync(inputs.manifest ?? '', 'utf8');
  const run = await runStep({ manifest, env }, { ...sandbox, latencyMs: 0 });
  expect(run.requests.some(({ status }) => status === 429)).toBe(true);
  expect(run).toMatchObject({ exitCode: 0, connections: { length: 30 } });
});

describe('the printed outputs', () => {
  test('list short values first, then long JSON over several lines', () => {
    const [short, long] = ['x'.repeat(40), 'y'.repeat(80)];
    const outputs = {
      id: 'a',
      setup_tests: JSON.stringify([{ title: short }, { title: long, status: 'PASSED' }]),
      empty: '',
      failed: '[{"a":1}]',
      broken: '[not json',
    };
    expect(outputLines(outputs)).toEqual([
      'id           a',
      'empty',
      'failed       [ { "a": 1 } ]',
      'broken       [not json',
      '',
      'setup_tests:',
      [
        '[',
        `  { "title": "${short}" },`,
        '  {',
        `    "title": "${long}",`,
        '    "status": "PASSED"',
        '  }',
        ']',
      ].join('\n'),
    ]);
  });
});

describe('without --verbose', () => {
  test('an output takes a line, and empty ones are only named', () => {
    const connection = JSON.stringify({ id: 'x'.repeat(200) });
    const outputs = { id: 'a', changes: 'b\nc', connection, error: '', failed_tests: '[]' };
    const lines = shortOutputLines(outputs);
    expect(lines.slice(0, 2)).toEqual(['id          a', 'changes     b\n            c']);
    expect(lines[2]).toMatch(/^connection {2}\{"id":"x+…$/);
    expect(lines[2]).toHaveLength(96);
    expect(lines.at(-1)).toBe('Empty: error, failed_tests');
  });
});
