import { outcomeOf } from '../connection/outcome.ts';
import type { Session } from '../fivetran/http/session.ts';
import { utcTime } from '../fivetran/http/timestamp.ts';
import type { Entry, Settings } from '../inputs/spec.ts';
import {
  createDetailBudget,
  type EntryReport,
  logEntry,
  reportEntry,
} from '../report/manifest/entry.ts';
import { reportManifest } from '../report/manifest.ts';
import { distinctNames, pluralize } from '../text/format.ts';
import { inParallel } from './in-parallel.ts';
import { createJob, type Job, type Runtime, reconcileJob, syncJob } from './job.ts';
import { lacksNamingChoice, noticeNaming } from './naming-notice.ts';

const progressIntervalMs = 15_000;

type ManifestTarget = Extract<Settings['target'], { kind: 'manifest' }>;

/**
 * Reconciles the connections of a manifest, up to `max_parallel` at a time, and reports at the end. A
 * failure does not stop the others. Once all are reconciled, the step waits for their syncs together.
 */
export async function runManifest(
  manifest: ManifestTarget,
  settings: Settings,
  session: Session,
  runtime: Runtime,
): Promise<void> {
  const { clock, log, open, redactor } = runtime;
  const names = distinctNames(manifest.entries.map(({ name }) => redactor.redact(name)));
  const entries = manifest.entries.map((entry, at) => ({
    ...entry,
    name: names[at] ?? entry.name,
  }));
  const budget = createDetailBudget();
  const reports = new Map<string, EntryReport>();
  const stop = clock.every(progressIntervalMs, () => {
    const failed = [...reports.values()].filter(({ grade }) => grade === 'failed').length;
    const until = session.rateLimit.waitingUntil();
    const waiting =
      until === undefined ? '' : ` Waiting for Fivetran's rate limit until ${utcTime(until)}.`;
    log.info(
      `Progress: ${reports.size} of ${pluralize(entries.length, 'connection')} done, ${failed} failed.${waiting}`,
    );
  });
  let unnamed = 0;
  const end = ({ entry, job, lines }: EntryJob): void => {
    if (lacksNamingChoice(job)) unnamed++;
    const report = reportEntry({ entry, outcome: outcomeOf(job.state) }, redactor, budget);
    reports.set(entry.name, report);
    logEntry(report, lines, log);
    open.delete(job.state);
  };

  const syncing: EntryJob[] = [];
  await inParallel(entries, manifest.max_parallel, async (entry) => {
    const entryJob = createEntryJob(entry, session, runtime);
    const { job } = entryJob;
    await reconcileJob(job, runtime, settings);
    if (!settings.dry_run && wantsSync(job)) syncing.push(entryJob);
    else end(entryJob);
  });
  await Promise.all(
    syncing.map(async (entryJob) => {
      await syncJob(entryJob.job, runtime);
      end(entryJob);
    }),
  );
  stop();

  const inOrder = entries.flatMap(({ name }) => reports.get(name) ?? []);
  const waitedMs = session.rateLimit.waitedMs();
  await reportManifest(inOrder, { ...settings, target: manifest, waitedMs }, runtime);
  noticeNaming(unnamed, log);
}

/** One entry in progress. Its log is held back until it ends, so that parallel work stays readable. */
type EntryJob = { entry: Entry; job: Job; lines: string[] };

function createEntryJob(entry: Entry, session: Session, runtime: Runtime): EntryJob {
  const { log, signal } = runtime;
  const lines: string[] = [];
  const listener = {
    log: (line: string) => void lines.push(line),
    warn: (line: string) => {
      lines.push(line);
      log.warning(line, { title: entry.name });
    },
    onId: (id: string) => log.info(`${entry.name}: connection ${id}`),
  };
  const job = createJob(entry.spec, { session, runtime, listener });
  if (!signal.aborted) log.info(`${entry.name}: started`);
  return { entry, job, lines };
}

const wantsSync = ({ spec, state }: Job): boolean =>
  spec.state === 'present' && spec.wait_for_sync !== false && state.error === undefined;
