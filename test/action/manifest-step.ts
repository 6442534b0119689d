import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxRequest } from '../sandbox/requests.mjs';
import { runAction, type StepResult } from '../sandbox/runner.mjs';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.mjs';
import type { StepOf } from './step.ts';

/** What a step with a manifest left behind, and the requests that it sent. */
export type ManifestRan = StepResult & {
  requests: SandboxRequest[];
  connections: Record<string, unknown>[];
};

/** How each connection ended, as the output `connections` says. */
export type Ended = Record<
  string,
  {
    connection_id: string;
    result: string;
    setup_state: string;
    failed_tests: { title: string; status: string; message: string; details?: unknown }[];
    error: string | null;
  }
>;

const folders: string[] = [];
const sandboxes: Sandbox[] = [];

/** Closes all sandboxes and removes all files; for `afterEach`. */
export async function cleanUp(): Promise<void> {
  await Promise.all(sandboxes.splice(0).map((one) => one.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A workspace with one file in it; an object is written as JSON, which is YAML too. */
export function workspaceWith(manifest: string | object, file = 'manifest.yml'): string {
  const workspace = mkdtempSync(join(tmpdir(), 'fivetran-manifest-'));
  folders.push(workspace);
  mkdirSync(join(workspace, file, '..'), { recursive: true });
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2);
  writeFileSync(join(workspace, file), text);
  return workspace;
}

/** A sandbox that stays for several steps. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ services: 'any', ...options });
  sandboxes.push(sandbox);
  return sandbox;
}

/** Runs the action with a manifest, and no other inputs than those given. */
export async function runManifest(
  manifest: string | object,
  { inputs, env = {} }: StepOf = {},
  on: SandboxOptions | Sandbox = {},
): Promise<ManifestRan> {
  const sandbox = 'requests' in on ? on : await openSandbox(on);
  const { url: api_url, apiKey: api_key, apiSecret: api_secret } = sandbox;
  const first = sandbox.requests.length;
  const result = await runAction({
    inputs: { api_url, api_key, api_secret, manifest: 'manifest.yml', ...inputs },
    env,
    workspace: workspaceWith(manifest),
  });
  const { connections } = sandbox;
  return { ...result, requests: sandbox.requests.slice(first), connections };
}

/** What a test's connections have in common, where it does not care. */
export const defaults = {
  group_id: 'decent_dropsy',
  service: 'anything',
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** A manifest of these entries, each with its own name as the schema. */
export const manifestOf = (entries: Record<string, Record<string, unknown>>) => ({
  defaults,
  connections: Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, { config: { schema: name }, ...entry }]),
  ),
});

/** A manifest of so many connections, `source_1` and on. */
export const manyOf = (count: number) =>
  manifestOf(
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`source_${at + 1}`, {}])),
  );

/** Lets each connection fare as its schema says; others are connected. */
export const faring =
  (fates: Record<string, string>): NonNullable<SandboxOptions['scenarioFor']> =>
  ({ config }) =>
    fates[String((config as { schema?: string } | undefined)?.schema)];

export const endedOf = ({ outputs }: StepResult): Ended => JSON.parse(outputs.connections ?? '{}');

/** How each connection ended, by name. */
export const resultsOf = (ran: StepResult): Record<string, string> =>
  Object.fromEntries(
    Object.entries(endedOf(ran)).map(([name, { result, error }]) => [
      name,
      error === null ? result : `failed ${result}`.trim(),
    ]),
  );

/** The create requests' bodies. */
export const created = ({ requests }: Pick<ManifestRan, 'requests'>) =>
  requests
    .filter(({ method, path }) => `${method} ${path}` === 'POST /v1/connections')
    .map(({ body }) => body as Record<string, unknown>);

/** The text that the step failed with. */
export const failureOf = ({ annotations }: StepResult): string =>
  annotations.filter(({ level }) => level === 'error').at(-1)?.message ?? '';
