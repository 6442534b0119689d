import { reconcile, syncAsWished } from '../connection/reconcile.ts';
import { type Context, initialState } from '../connection/state.ts';
import { fivetranOn } from '../fivetran/client.ts';
import { CancelledError } from '../fivetran/errors.ts';
import type { Session } from '../fivetran/send.ts';
import type { Entry } from '../inputs/manifest-file.ts';
import type { Settings } from '../inputs/settings.ts';
import type { Run } from '../main.ts';
import { annotateMany, connectionLines, writeSummary } from '../report/annotations.ts';
import {
  type EntryReport,
  manyOutput,
  manySummary,
  reportEntry,
  sentenceOn,
} from '../report/manifest-report.ts';
import { summaryBytes } from '../report/summary.ts';
import { pluralize } from '../text/format.ts';
import { firstSight } from './job.ts';

const progressLineMs = 15_000;

/**
 * Brings a manifest's connections to what it says, so many at once as `max_parallel` allows; the
 * failure of one stops no other. Syncs are waited for together, after all else. Reports at the end.
 */
export async function runManifest(
  entries: Entry[],
  settings: Settings,
  line: Session,
  run: Run,
): Promise<void> {
  const { clock, console, secrets } = run;
  const rows = new Map<string, EntryReport>();
  const failed = (): number => [...rows.values()].filter(({ grade }) => grade === 'failed').length;
  const stop = clock.every(progressLineMs, () =>
    console.line(
      `Progress: ${rows.size} of ${pluralize(entries.length, 'connection')} done, ${failed()} failed.`,
    ),
  );
  let details = 0;
  const end = (work: Work): void => {
    run.open.delete(work.context.state);
    const ms = clock.now() - work.begin;
    const row = reportEntry(work.entry, work.context.state, ms, secrets, details < summaryBytes);
    details += row.details.length;
    rows.set(row.name, row);
    console.line(`${row.name}: ${row.sentence}`);
    console.group(row.name, [...work.log, ...connectionLines(work.context.state)]);
  };

  const syncing: Work[] = [];
  await inParallel(entries, settings.max_parallel, async (entry) => {
    const work = begin(entry, line, run);
    await attempt(work, run, () => reconcile(entry.spec, work.context));
    if (settings.wait_for_sync && work.context.state.error === undefined) syncing.push(work);
    else end(work);
  });
  await Promise.all(
    syncing.map(async (work) => {
      await attempt(work, run, () => syncAsWished(work.entry.spec, work.context, clock));
      end(work);
    }),
  );
  stop();

  const inOrder = entries.flatMap(({ name }) => rows.get(name) ?? []);
  console.output('connections', manyOutput(inOrder));
  if (settings.summary) await writeSummary(manySummary(inOrder, settings.shard), console);
  annotateMany(inOrder, sentenceOn(inOrder, settings.shard), console);
}

/** One entry being worked on: its log is kept until it ends, so that parallel work stays readable. */
type Work = { entry: Entry; context: Context; log: string[]; begin: number };

function begin(entry: Entry, line: Session, run: Run): Work {
  const { clock, console, secrets, signal } = run;
  const log: string[] = [];
  const say = (text: string): void => {
    log.push(text);
  };
  const state = initialState(
    entry.spec,
    firstSight(secrets, (id) => console.line(`${entry.name}: connection ${id} exists.`)),
  );
  run.open.add(state);
  if (!signal.aborted) console.line(`${entry.name}: started.`);
  return {
    entry,
    context: { fivetran: fivetranOn(line, say), state, say },
    log,
    begin: clock.now(),
  };
}

async function attempt(
  { context }: Work,
  { console, signal }: Run,
  work: () => Promise<void>,
): Promise<void> {
  const { state } = context;
  if (state.error !== undefined) return;
  try {
    if (signal.aborted)
      throw new CancelledError('The run was cancelled before this one was begun.');
    await work();
  } catch (error) {
    state.error = console.explain(error);
  }
}

async function inParallel<T>(
  items: T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
