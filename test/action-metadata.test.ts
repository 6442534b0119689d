import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSettings } from '../src/inputs/settings.ts';
import { act } from './action/scene.ts';

type Declared = Record<string, { description?: string; default?: string; required?: boolean }>;

const root = new URL('../', import.meta.url);
const action: {
  inputs: Declared;
  outputs: Declared;
  runs: { using: string; main: string };
} = parse(readFileSync(new URL('action.yml', root), 'utf8'));

const defaults = Object.fromEntries(
  Object.entries(action.inputs).flatMap(([name, { default: value }]) =>
    // What an expression gives is known when the workflow runs.
    value === undefined || value.includes('${{') ? [] : [[name, value]],
  ),
);
const needed = { api_key: 'k', api_secret: 's', group_id: 'decent_dropsy', service: '15five' };

/** The settings that come of these inputs, and the names of all that were asked for. */
async function settingsOf(inputs: Record<string, string>) {
  const cache = new Set<string>();
  const input = (name: string): string => {
    cache.add(name);
    return inputs[name] ?? '';
  };
  const settings = await readSettings({ input, env: {}, mask: () => {} });
  return { settings, cache };
}

test('what runs is there, on the Node.js that the action is made for', () => {
  expect(action.runs.using).toBe('node24');
  expect(existsSync(new URL(action.runs.main, root))).toBe(true);
});

test.each([
  ...Object.entries(action.inputs).map(([name, { description }]) => ['input', name, description]),
  ...Object.entries(action.outputs).map(([name, { description }]) => ['output', name, description]),
])('the %s %s is described', (_what, _name, description) => {
  expect(description).toMatch(/^\S.{10,}\.$/);
});

test('each input that is declared is read, and each that is read is declared', async () => {
  const { cache } = await settingsOf(needed);
  expect([...cache].sort()).toEqual(Object.keys(action.inputs).sort());
});

test('the defaults are those that hold without them', async () => {
  const { settings } = await settingsOf(needed);
  const implied = Object.entries(settings).filter(
    ([name, value]) => !(name in needed) && !(Array.isArray(value) && value.length === 0),
  );
  const asText = Object.fromEntries(implied.map(([name, value]) => [name, String(value)]));
  expect(asText).toEqual(defaults);
  expect((await settingsOf({ ...needed, ...defaults })).settings).toEqual(settings);
});

test('no input is called required that may be left out', () => {
  const required = Object.entries(action.inputs).filter(([, input]) => input.required);
  expect(required).toEqual([]);
});

test('each output that is set is declared, and each that is declared is set', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'action-metadata-'));
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, JSON.stringify({ connections: { crm: { service: '15five' } } }));
  const one = await act({});
  const many = await act({ inputs: { manifest } });
  rmSync(folder, { recursive: true });
  expect([one.exitCode, many.exitCode]).toEqual([0, 0]);
  const set = new Set([...Object.keys(one.outputs), ...Object.keys(many.outputs)]);
  expect([...set].sort()).toEqual(Object.keys(action.outputs).sort());
});

test('the description of the result names every way to end', () => {
  const { description } = action.outputs.result ?? {};
  for (const result of ['created', 'reused', 'updated', 'deleted', 'absent', 'planned']) {
    expect(description).toContain(result);
  }
});
