import * as core from '@actions/core';
import { converge } from './connection/converge.ts';
import { type Progress, startProgress } from './connection/progress.ts';
import { dashboardUrl, verdictOn } from './connection/verdict.ts';
import type { Connection } from './fivetran/answers.ts';
import { fivetranOn } from './fivetran/client.ts';
import type { Clock } from './fivetran/clock.ts';
import { basicCredentials } from './fivetran/exchange.ts';
import { type Line, openLine } from './fivetran/transport.ts';
import type { Wish } from './inputs/fields.ts';
import { readSettings, type Settings } from './inputs/settings.ts';
import type { Console } from './report/console.ts';
import { connectionOutputs } from './report/outputs.ts';
import { annotate, logConnection, writeSummary } from './report/report.ts';
import type { Secrets } from './report/secrets.ts';
import { connectionSummary } from './report/summary.ts';

/** What a run stands on. */
export type Run = { clock: Clock; signal: AbortSignal; secrets: Secrets; console: Console };

/**
 * The step: reads the inputs, makes the connection exist, and reports what became of it.
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
  };
  secrets.hide(basicCredentials(api));
  if (settings.state === 'present' && !settings.destination_schema_names)
    console.notice(schemaNamesNotice);
  const progress = await bring(settings, openLine(api, clock, signal), run);
  await report(progress, settings, run);
}

/** Brings one connection to what is wished for, or as far towards it as it goes. */
async function bring(wish: Wish, line: Line, run: Run): Promise<Progress> {
  const { clock, console } = run;
  const progress = startProgress(wish, firstSight(run));
  const tools = { fivetran: fivetranOn(line, console.line), progress, say: console.line };
  try {
    await converge(wish, tools, clock);
  } catch (error) {
    progress.error = console.explain(error);
  }
  return progress;
}

/** Hides each connect card, and hands on the id as soon as there is one. */
function firstSight({ secrets, console }: Run): (connection: Connection) => void {
  let seen = false;
  return ({ id, connect_card }) => {
    for (const secret of [connect_card.token, connect_card.uri]) if (secret) secrets.hide(secret);
    if (seen) return;
    seen = true;
    console.line(`Connection ${id} exists: ${dashboardUrl(id)}`);
    console.output('connection_id', id);
    console.output('dashboard_url', dashboardUrl(id));
  };
}

async function report(progress: Progress, settings: Settings, run: Run): Promise<void> {
  const { secrets, console } = run;
  const verdict = verdictOn(progress);
  logConnection(progress, console);
  const known = [settings.group_id, settings.service, progress.name].filter(
    (name) => name !== undefined,
  );
  const outputs = connectionOutputs(progress, new Set(known), secrets);
  for (const [name, value] of Object.entries(outputs)) console.output(name, value);
  if (settings.summary) {
    await writeSummary(connectionSummary(progress, verdict, secrets.redact), console);
  }
  annotate(progress, verdict, console);
}

const schemaNamesNotice =
  'destination_schema_names is not given. Fivetran says that it will be required soon: set it to ' +
  'FIVETRAN_NAMING (its own names, the default today) or SOURCE_NAMING (the names of the source).';
