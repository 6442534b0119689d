import { reconcile, syncAsWished } from '../connection/reconcile.ts';
import { initialState } from '../connection/state.ts';
import { fivetranOn } from '../fivetran/client.ts';
import type { Session } from '../fivetran/send.ts';
import type { Settings } from '../inputs/settings.ts';
import type { Run } from '../main.ts';
import { annotate, connectionLines, writeSummary } from '../report/annotations.ts';
import { connectionOutputs } from '../report/outputs.ts';
import { connectionSummary } from '../report/summary.ts';
import { dashboardUrl, verdictOn } from '../report/verdict.ts';
import { firstSight } from './job.ts';

/** Brings the one connection of a step to what the settings say, and reports what became of it. */
export async function runSingle(settings: Settings, line: Session, run: Run): Promise<void> {
  const { clock, console, secrets } = run;
  const say = console.line;
  const state = initialState(
    settings,
    firstSight(secrets, (id) => {
      say(`Connection ${id} exists: ${dashboardUrl(id)}`);
      console.output('connection_id', id);
      console.output('dashboard_url', dashboardUrl(id));
    }),
  );
  run.open.add(state);
  const context = { fivetran: fivetranOn(line, say), state, say };
  try {
    await reconcile(settings, context);
    await syncAsWished(settings, context, clock);
  } catch (error) {
    state.error = console.explain(error);
  }

  const verdict = verdictOn(state);
  for (const text of connectionLines(state)) say(text);
  const { group_id, service } = settings;
  const known = [group_id, service, state.name].filter((name) => name !== undefined);
  const outputs = connectionOutputs(state, new Set(known), secrets);
  for (const [name, value] of Object.entries(outputs)) console.output(name, value);
  if (settings.summary) {
    await writeSummary(connectionSummary(state, verdict, secrets.redact), console);
  }
  annotate(state, verdict, console);
}
