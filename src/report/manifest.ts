import { isAbsolute, relative } from 'node:path';
import type { Settings } from '../inputs/spec.ts';
import { distinctNames } from '../text/format.ts';
import { type Annotation, annotate } from './channels/annotations.ts';
import { failOnLostOutputs, writeOutputs } from './channels/outputs.ts';
import type { EntryReport } from './manifest/entry.ts';
import { manifestOutputs } from './manifest/output.ts';
import { manifestComment, manifestSummary } from './manifest/page.ts';
import { gradeOfAll, manifestSentence } from './manifest/verdict.ts';
import { postComment } from './pages/comment.ts';
import type { StepLog } from './runner/log.ts';
import type { ReportDeps } from './verdict/report.ts';

/** What a manifest's report takes of the settings. */
export type ManifestSettings = Pick<Settings, 'summary' | 'comment' | 'dry_run'> & {
  target: { path: string; shard: string | undefined };
  /** How long the run waited for Fivetran's rate limit. */
  waitedMs?: number;
};

/**
 * Reports on all connections of a manifest: outputs, summary, comment, annotations and the
 * verdict. Fails the step when a connection failed.
 */
export async function reportManifest(
  given: readonly EntryReport[],
  { summary, comment, dry_run, target: { path, shard }, waitedMs = 0 }: ManifestSettings,
  deps: ReportDeps,
): Promise<void> {
  const { log, env, redactor } = deps;
  const names = distinctNames(given.map(({ name }) => name));
  const reports = given.map((report, index) => ({ ...report, name: names[index] ?? report.name }));
  const scope = { path: redactor.redact(shortPath(path, env)), shard, dry_run, waitedMs };
  const grade = gradeOfAll(reports);
  const sentence = manifestSentence(reports, shard);
  writeOutputs(manifestOutputs(reports, grade === 'failed' ? sentence : ''), log);
  if (summary) await log.writeSummary(manifestSummary(reports, scope));
  if (comment) await postComment(manifestComment(reports, scope), comment, deps);
  annotate(fairOrder(reports), log);
  if (grade === 'failed') log.fail(sentence);
  else if (reports.length === 0) logNothingToDo(shard, log);
  else log.info(sentence);
  failOnLostOutputs(deps);
}

/** A path as seen from the workspace, unless it is outside. */
function shortPath(path: string, { GITHUB_WORKSPACE }: NodeJS.ProcessEnv): string {
  if (!GITHUB_WORKSPACE || !isAbsolute(path)) return path;
  const short = relative(GITHUB_WORKSPACE, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/**
 * The annotations of all entries: the first one of each before the second one of any. An error
 * that ended the run is annotated once, before all others.
 */
function fairOrder(reports: readonly EntryReport[]): Annotation[] {
  const all = reports
    .flatMap(({ annotations }) => annotations.map((annotation, rank) => ({ annotation, rank })))
    .sort((a, b) => a.rank - b.rank)
    .map(({ annotation }) => annotation);
  return [
    ...all.filter(({ isRunWide }) => isRunWide).slice(0, 1),
    ...all.filter(({ isRunWide }) => !isRunWide),
  ];
}

/** An empty manifest is probably a mistake; a shard without a connection is not. */
function logNothingToDo(shard: string | undefined, log: StepLog): void {
  if (shard === undefined) {
    log.warning('The manifest has no connections, so there was nothing to do.');
  } else {
    log.notice(`Shard ${shard} has no connections, so there was nothing to do.`);
  }
}
