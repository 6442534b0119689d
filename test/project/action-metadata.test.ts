import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readSettings } from '../../src/inputs/settings.ts';
import { runStep } from '../harness/run-step.ts';
import { plainInputs } from '../harness/step.ts';
import { declaredInputs } from '../runner/action-metadata.mjs';

type Declared = Record<string, { description?: string; default?: string; required?: boolean }>;

const root = new URL('../../', import.meta.url);
const action: {
  inputs: Declared;
  outputs: Declared;
  runs: { using: string; main: string };
} = parse(readFileSync(new URL('action.yml', root), 'utf8'));

const required = { api_key: 'k', api_secret: 's', group_id: 'decent_dropsy', service: '15five' };
const defaults = Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
  // The runner evaluates an expression before the step starts.
  value === undefined || value.includes('${{') ? [] : [[name, value] as const],
);

/** The settings that these inputs result in, and the names of all inputs that were read. */
async function settingsOf(inputs: Record<string, string>) {
  const read = new Set<string>();
  const input = (name: string): string => {
    read.add(name);
    return inputs[name] ?? '';
  };
  const settings = await readSettings({ input, env: {}, mask: () => {} });
  return { settings, read };
}

test('the action runs a file that exists, on the Node.js version it is built for', () => {
  expect(action.runs.using).toBe('node24');
  expect(existsSync(new URL(action.runs.main, root))).toBe(true);
});

test("the sandbox's runner reads the same inputs and defaults", () => {
  const read = declaredInputs(new URL('action.yml', root));
  const parsed = Object.entries(action.inputs).map(([name, { default: value = '' }]) => ({
    name,
    default: value,
  }));
  expect(read).toEqual(parsed);
});

test('the action reads exactly the declared inputs', async () => {
  const { read } = await settingsOf({ ...required, comment: 'true', github_token: 't' });
  expect([...read].sort()).toEqual(Object.keys(action.inputs).sort());
});

test.each(defaults)('the default of %s is what an empty input means', async (name, value) => {
  const { settings } = await settingsOf({ ...required, [name]: value });
  expect(settings).toEqual((await settingsOf(required)).settings);
});

test('no input is marked as required, because each one can be left out in some mode', () => {
  expect(Object.values(action.inputs).filter((input) => input.required)).toEqual([]);
});

test('the action sets exactly the declared outputs', async () => {
  const single = await runStep({});
  const many = await runStep({ manifest: { connections: { crm: plainInputs } } });
  expect([single.exitCode, many.exitCode]).toEqual([0, 0]);
  const set = new Set([...Object.keys(single.outputs), ...Object.keys(many.outputs)]);
  expect([...set].sort()).toEqual(Object.keys(action.outputs).sort());
});
