import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Sandbox } from '../sandbox/sandbox.mjs';
import { temporaryFolder } from './cleanup.ts';
import { runStep, type VirtualStepRun, type VirtualWorld } from './run-step.ts';

/** The plain inputs of a step, unset. */
export const noPlainInputs = {
  group_id: '',
  service: '',
  config: '',
  destination_schema_names: '',
};

/** A manifest as `yaml` reads it. */
type ExportedFile = {
  defaults: Record<string, unknown>;
  connections: Record<string, Record<string, unknown>>;
};

/** A step that exported, and its file. */
export type ExportRun = VirtualStepRun & { text: string; file: ExportedFile; folder: string };

/** Exports a group of a sandbox into a new folder. */
export async function exportGroup(
  sandbox: Sandbox,
  inputs: Record<string, unknown> = {},
  world: VirtualWorld = {},
): Promise<ExportRun> {
  const folder = temporaryFolder();
  const run = await runStep(
    {
      inputs: { ...noPlainInputs, group_id: 'decent_dropsy', export_to: 'out.yml', ...inputs },
      env: { GITHUB_WORKSPACE: folder },
    },
    { sandbox, ...world },
  );
  const text = textOf(join(folder, String(inputs.export_to ?? 'out.yml')));
  return { ...run, text, file: parse(text || '{}'), folder };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A value for each variable that a file refers to. */
export const valuesFor = (text: string, value = (name: string) => `value of ${name}`) =>
  Object.fromEntries(
    [...text.matchAll(/^# {3}([A-Z_][A-Z0-9_]*)$/gm)].map(([, name = '']) => [name, value(name)]),
  );

/** Plans what a run with a file would do, without sending secrets again. */
export const planFile = (sandbox: Sandbox, text: string, env: Record<string, string> = {}) =>
  runStep(
    {
      manifest: text,
      inputs: { if_exists: 'update', update_secrets: 'false', dry_run: 'true' },
      env: { ...valuesFor(text), ...env },
    },
    { sandbox },
  );
