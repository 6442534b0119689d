import * as core from '@actions/core';
import type { Progress } from './connection/progress.ts';
import type { Clock } from './fivetran/clock.ts';
import { basicCredentials } from './fivetran/exchange.ts';
import { openLine } from './fivetran/transport.ts';
import { readSettings, type Settings } from './inputs/settings.ts';
import { bringMany } from './many.ts';
import { bringOne } from './one.ts';
import type { Console } from './report/console.ts';
import type { Secrets } from './report/secrets.ts';

/** What a run stands on. */
export type Run = {
  clock: Clock;
  signal: AbortSignal;
  secrets: Secrets;
  console: Console;
  /** The connections that are worked on: what a crash leaves behind. */
  open: Set<Progress>;
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
    hide: secrets.hide,
  });
  const api = {
    url: settings.api_url,
    key: settings.api_key,
    secret: settings.api_secret,
    timeoutSeconds: settings.request_timeout_seconds,
    redact: secrets.redact,
  };
  secrets.hide(basicCredentials(api));
  const { entries } = settings;
  noticeSchemaNames(settings, console);
  if (!entries) return bringOne(settings, openLine(api, clock, signal), run);
  const line = openLine(api, clock, signal, { atOnce: settings.max_parallel });
  await bringMany(entries, settings, line, run);
}

function noticeSchemaNames({ entries, state, ...settings }: Settings, console: Console): void {
  const wishes = entries?.map(({ wish }) => wish) ?? [settings];
  const without = wishes.filter((wish) => wish.destination_schema_names === undefined).length;
  if (state === 'absent' || without === 0) return;
  const where = entries ? ` for ${without} of ${entries.length} connections` : '';
  console.notice(
    `destination_schema_names is not given${where}. Fivetran says that it will be required soon: ` +
      'set it to FIVETRAN_NAMING (its own names, the default today) or SOURCE_NAMING (the names of ' +
      'the source).',
  );
}
