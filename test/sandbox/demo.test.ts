import { parse } from 'yaml';
import { callerOf } from './caller.mjs';
import { documentedRequest } from './demo/documented-request.mjs';
import { flagsFrom } from './demo/flags.mjs';
import { helpText } from './demo/help.mjs';
import { planOf } from './demo/plan.mjs';
import { presetNamed, presetNames } from './demo/presets.mjs';
import { startSandbox } from './sandbox.mjs';

const DECLARED = [...Object.keys(documentedRequest), 'api_key', 'api_secret', 'auth'];
const LATER = ['if_exists', 'state', 'wait_for_sync', 'sync_timeout_minutes', 'manifest'];
const TRUST = ['trusted_fingerprints', 'trusted_certificates', 'dry_run'];
const ALL = [...DECLARED, ...LATER, ...TRUST];

const plan = (args: string[], declared = ALL, env = {}) => planOf(flagsFrom(args), declared, env);

test('runs the documented request when nothing is given', () => {
  expect(plan([]).inputs).toEqual(documentedRequest);
});

test('takes inputs and environment from the command line', () => {
  const args = ['-i', 'paused=true', '--input', 'auth=a=b', '-e', 'NAME=x y', '--debug'];
  const { inputs, env } = plan(args);
  expect(inputs).toEqual({ ...documentedRequest, paused: 'true', auth: 'a=b' });
  expect(env).toMatchObject({ NAME: 'x y', RUNNER_DEBUG: '1' });
});

test.each([
  [['--nope'], "Unknown option '--nope' (see --help)"],
  [['nope'], "Unexpected argument 'nope' (see --help)"],
  [['-s', 'nope'], "There is no scenario 'nope' (see --help)"],
  [['-i', 'paused'], "--input takes name=value, not 'paused'"],
  [['-i', 'puased=true'], "action.yml declares no input 'puased': there is no such input"],
  [['--live'], '--live needs FIVETRAN_APIKEY and FIVETRAN_APISECRET in the environment'],
])('refuses %j', (args, message) => {
  expect(() => plan(args)).toThrow(message);
});

test('live needs the inputs that no default can give', () => {
  const env = { FIVETRAN_APIKEY: 'k', FIVETRAN_APISECRET: 's' };
  expect(() => plan(['--live'], ALL, env)).toThrow(
    '--live needs --input group_id=… and --input service=…',
  );
  const { inputs } = plan(['--live', '-i', 'group_id=g', '-i', 'service=s3'], ALL, env);
  expect(inputs).toEqual({ api_key: 'k', api_secret: 's', group_id: 'g', service: 's3' });
});

test('hides and refuses what the action does not declare yet', () => {
  expect(helpText(ALL)).toMatch(/^ {2}reuse /m);
  expect(helpText(ALL)).toMatch(/--manifest/);
  expect(helpText(DECLARED)).not.toMatch(/^ {2}reuse |--manifest|wait_for_sync/m);
  expect(() => plan(['-s', 'reuse'], DECLARED)).toThrow("can't show the scenario 'reuse'");
  expect(() => plan(['--manifest'], DECLARED)).toThrow("can't show --manifest");
});

test('every preset uses inputs of the design alone', () => {
  for (const name of presetNames) {
    expect(ALL).toEqual(expect.arrayContaining(Object.keys(presetNamed(name).inputs)));
  }
});

test.each(['connected', 'host-key-unknown', 'certificate-unknown'])(
  'the request of %s is one that the API accepts',
  async (name) => {
    const { group_id, service, config, auth: _auth, ...others } = presetNamed(name).inputs;
    const settings = Object.entries(others).map(([key, text]) => [key, parse(text ?? '')]);
    const body = {
      group_id,
      service,
      config: parse(config ?? ''),
      ...Object.fromEntries(settings),
    };
    const sandbox = await startSandbox();
    try {
      const reply = await callerOf(sandbox)('POST', '/v1/connections', body);
      expect(reply).toMatchObject({ status: 201 });
    } finally {
      await sandbox.close();
    }
  },
);
