import { converge, syncAsWished } from './connection/converge.ts';
import { startProgress, type Tools } from './connection/progress.ts';
import { firstSight } from './first-sight.ts';
import { fivetranOn } from './fivetran/client.ts';
import { CancelledError } from './fivetran/errors.ts';
import type { Line } from './fivetran/transport.ts';
import type { Entry } from './inputs/manifest.ts';
import type { Settings } from './inputs/settings.ts';
import type { Run } from './main.ts';
import { manyOutput, manySummary, type Row, rowOf, sentenceOn } from './report/many.ts';
import { annotateMany, connectionLines, writeSummary } from './report/report.ts';
import { summaryBytes } from './report/summary.ts';
import { counted } from './text.ts';

const progressLineMs = 15_000;

/**
 * Brings a manifest's connections to what it says, so many at once as `max_parallel` allows; the
 * failure of one stops no other. Syncs are waited for together, after all else. Reports at the end.
 */
export async function bringMany(
  entries: Entry[],
  settings: Settings,
  line: Line,
  run: Run,
): Promise<void> {
  const { clock, console, secrets } = run;
  const rows = new Map<string, Row>();
  const failed = (): number => [...rows.values()].filter(({ grade }) => grade === 'failed').length;
  const stop = clock.every(progressLineMs, () =>
    console.line(
      `Progress: ${rows.size} of ${counted(entries.length, 'connection')} done, ${failed()} failed.`,
    ),
  );
  let details = 0;
  const end = (work: Work): void => {
    run.open.delete(work.tools.progress);
    const ms = clock.now() - work.begin;
    const row = rowOf(work.entry, work.tools.progress, ms, secrets, details < summaryBytes);
    details += row.details.length;
    rows.set(row.name, row);
    console.line(`${row.name}: ${row.sentence}`);
    console.group(row.name, [...work.log, ...connectionLines(work.tools.progress)]);
  };

  const syncing: Work[] = [];
  await inParallel(entries, settings.max_parallel, async (entry) => {
    const work = begin(entry, line, run);
    await attempt(work, run, () => converge(entry.wish, work.tools));
    if (settings.wait_for_sync && work.tools.progress.error === undefined) syncing.push(work);
    else end(work);
  });
  await Promise.all(
    syncing.map(async (work) => {
      await attempt(work, run, () => syncAsWished(work.entry.wish, work.tools, clock));
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
type Work = { entry: Entry; tools: Tools; log: string[]; begin: number };

function begin(entry: Entry, line: Line, run: Run): Work {
  const { clock, console, secrets, signal } = run;
  const log: string[] = [];
  const say = (text: string): void => {
    log.push(text);
  };
  const progress = startProgress(
    entry.wish,
    firstSight(secrets, (id) => console.line(`${entry.name}: connection ${id} exists.`)),
  );
  run.open.add(progress);
  if (!signal.aborted) console.line(`${entry.name}: started.`);
  return {
    entry,
    tools: { fivetran: fivetranOn(line, say), progress, say },
    log,
    begin: clock.now(),
  };
}

async function attempt(
  { tools }: Work,
  { console, signal }: Run,
  work: () => Promise<void>,
): Promise<void> {
  const { progress } = tools;
  if (progress.error !== undefined) return;
  try {
    if (signal.aborted)
      throw new CancelledError('The run was cancelled before this one was begun.');
    await work();
  } catch (error) {
    progress.error = console.explain(error);
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
