import { InputError, type Problem, problemText } from '../../../src/inputs/problem.ts';
import { type ReadSettings, readSettings } from '../../../src/inputs/settings.ts';
import type { AbsentSpec, ConnectionSpec, Entry, PresentSpec } from '../../../src/inputs/spec.ts';
import { expectAccepted } from '../../harness/manifest-schema.ts';
import { workspaceWith } from '../../harness/step.ts';

/** The result of reading a step's inputs. */
export type Reading = {
  settings: ReadSettings | undefined;
  problems: readonly Problem[];
  /** The whole error text; empty when there is none. */
  error: string;
  /** What was masked, in order. */
  masks: string[];
};

export const credentials = { api_key: 'the-api-key', api_secret: 'the-api-secret' };

/** Inputs of a step with one connection, for tests that do not depend on them. */
export const plainInputs = {
  ...credentials,
  group_id: 'decent_dropsy',
  service: 'postgres',
  config: 'schema_prefix: crm',
};

/** Reads exactly these inputs. */
export async function readInputs(
  inputs: Record<string, string>,
  env: Record<string, string> = {},
): Promise<Reading> {
  const masks: string[] = [];
  const source = {
    input: (name: string) => (Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : ''),
    env,
    mask: (secret: string) => masks.push(secret),
  };
  try {
    const settings = await readSettings(source);
    return { settings, problems: [], error: '', masks };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { settings: undefined, problems: error.problems, error: error.message, masks };
  }
}

/** Reads the inputs of a step with one connection, these over the plain ones. */
export const read = (
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<Reading> => readInputs({ ...plainInputs, ...inputs }, env);

/** Reads a manifest as a step does that has no other inputs than these. */
export async function readManifest(
  manifest: string | object | Buffer,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<Reading> {
  const reading = await readInputs(
    { ...credentials, manifest: 'manifest.yml', ...inputs },
    { GITHUB_WORKSPACE: workspaceWith(manifest), ...env },
  );
  if (reading.settings) expectAccepted(manifest);
  return reading;
}

/** The problems as lines of text. */
export const linesOf = ({ problems }: Reading): string[] => problems.map(problemText);

/** The one connection that should exist. */
export function presentIn({ settings, error }: Reading): PresentSpec {
  if (settings?.target.kind !== 'single') throw new Error(error || 'not a single connection');
  return asPresent(settings.target.spec);
}

/** The one connection that should not exist. */
export function absentIn({ settings, error }: Reading): AbsentSpec {
  if (settings?.target.kind !== 'single' || settings.target.spec.state !== 'absent') {
    throw new Error(error || 'not an absent connection');
  }
  return settings.target.spec;
}

/** The manifest's entries. */
export function entriesIn({ settings, error }: Reading): Entry[] {
  if (settings?.target.kind !== 'manifest') throw new Error(error || 'not a manifest');
  return settings.target.entries;
}

/** The create requests of the manifest's entries, in its order. */
export const requestsIn = (reading: Reading): object[] =>
  entriesIn(reading).map(({ spec }) => asPresent(spec).request);

function asPresent(spec: ConnectionSpec): PresentSpec {
  if (spec.state !== 'present') throw new Error('not a present connection');
  return spec;
}
