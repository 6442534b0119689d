import { converge, syncAsWished } from './connection/converge.ts';
import { startProgress } from './connection/progress.ts';
import { dashboardUrl, verdictOn } from './connection/verdict.ts';
import type { Connection } from './fivetran/answers.ts';
import { fivetranOn } from './fivetran/client.ts';
import type { Line } from './fivetran/transport.ts';
import type { Settings } from './inputs/settings.ts';
import type { Run } from './main.ts';
import { connectionOutputs } from './report/outputs.ts';
import { annotate, connectionLines, writeSummary } from './report/report.ts';
import { connectionSummary } from './report/summary.ts';

/** Brings the one connection of a step to what the settings say, and reports what became of it. */
export async function bringOne(settings: Settings, line: Line, run: Run): Promise<void> {
  const { clock, console, secrets } = run;
  const say = console.line;
  const progress = startProgress(settings, firstSight(run));
  const tools = { fivetran: fivetranOn(line, say), progress, say };
  try {
    await converge(settings, tools);
    await syncAsWished(settings, tools, clock);
  } catch (error) {
    progress.error = console.explain(error);
  }

  const verdict = verdictOn(progress);
  for (const text of connectionLines(progress)) say(text);
  const { group_id, service } = settings;
  const known = [group_id, service, progress.name].filter((name) => name !== undefined);
  const outputs = connectionOutputs(progress, new Set(known), secrets);
  for (const [name, value] of Object.entries(outputs)) console.output(name, value);
  if (settings.summary) {
    await writeSummary(connectionSummary(progress, verdict, secrets.redact), console);
  }
  annotate(progress, verdict, console);
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
