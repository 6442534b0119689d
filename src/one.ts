import { converge, syncAsWished } from './connection/converge.ts';
import { startProgress } from './connection/progress.ts';
import { dashboardUrl, verdictOn } from './connection/verdict.ts';
import { firstSight } from './first-sight.ts';
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
  const progress = startProgress(
    settings,
    firstSight(secrets, (id) => {
      say(`Connection ${id} exists: ${dashboardUrl(id)}`);
      console.output('connection_id', id);
      console.output('dashboard_url', dashboardUrl(id));
    }),
  );
  run.open.add(progress);
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
