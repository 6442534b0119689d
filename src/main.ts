import * as core from '@actions/core';
import type { State } from './connection/state.ts';
import type { Clock } from './fivetran/clock.ts';
import { basicCredentials } from './fivetran/http.ts';
import { openSession } from './fivetran/send.ts';
import { readSettings, type Settings } from './inputs/settings.ts';
import type { StepLog } from './report/log.ts';
import { runManifest } from './run/manifest.ts';
import { runSingle } from './run/single.ts';
import type { Redactor } from './secrets/redactor.ts';

/** What a run stands on. */
export type Run = {
  clock: Clock;
  signal: AbortSignal;
  secrets: Redactor;
  console: StepLog;
  /** The connections that are worked on: what a crash leaves behind. */
  open: Set<State>;
};

/**
 * The step: reads the inputs, brings one connection or a manifest's many to what they say, and
 * reports what became of them.
 *
 * @throws InputError before any request, when an input is not usable
 */
export async function main(run: Run): Promise<void> {
  const { clock, signal, secrets, console } = run;
  const settings = await readSettings({
    input: core.getInput,
    env: process.env,
    mask: secrets.mask,
  });
  const api = {
    url: settings.api_url,
    key: settings.api_key,
    secret: settings.api_secret,
    timeoutSeconds: settings.request_timeout_seconds,
    redact: secrets.redact,
  };
  secrets.mask(basicCredentials(api));
  const { entries } = settings;
  noticeSchemaNames(settings, console);
  if (!entries) return runSingle(settings, openSession(api, clock, signal), run);
  const line = openSession(api, clock, signal, { atOnce: settings.max_parallel });
  await runManifest(entries, settings, line, run);
}

function noticeSchemaNames({ entries, state, ...settings }: Settings, console: StepLog): void {
  const specs = entries?.map(({ spec }) => spec) ?? [settings];
  const without = specs.filter((spec) => spec.destination_schema_names === undefined).length;
  if (state === 'absent' || without === 0) return;
  const where = entries ? ` for ${without} of ${entries.length} connections` : '';
  console.notice(
    `destination_schema_names is not given${where}. Fivetran says that it will be required soon: ` +
      'set it to FIVETRAN_NAMING (its own names, the default today) or SOURCE_NAMING (the names of ' +
      'the source).',
  );
}
