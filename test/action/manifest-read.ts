import { InputError } from '../../src/inputs/input-error.ts';
import { readSettings, type Settings } from '../../src/inputs/settings.ts';
import { makeRedactor } from '../../src/secrets/redactor.ts';
import { workspaceWith } from './manifest-step.ts';

/** What became of the reading of a manifest, without a step of its own around it. */
export type ManifestRead = { settings?: Settings; failure: string };

/** Reads the inputs and the manifest as a step does before its first request. */
export async function readManifest(
  manifest: string | object,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<ManifestRead> {
  const given: Record<string, string> = { api_key: 'a-key', api_secret: 'a-secret', ...inputs };
  const secrets = makeRedactor(() => {});
  try {
    const settings = await readSettings({
      input: (name) => given[name] ?? (name === 'manifest' ? 'manifest.yml' : ''),
      env: { GITHUB_WORKSPACE: workspaceWith(manifest), ...env },
      mask: secrets.mask,
    });
    return { settings, failure: '' };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { failure: secrets.redact(error.message) };
  }
}

/** Each problem of a failure that has several: where it is, and what is wrong. */
export const problemsIn = (failure: string): string[] =>
  failure.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []));
