import type { Outcome } from '../../../src/connection/outcome.ts';
import {
  createDetailBudget,
  type EntryReport,
  logEntry,
  reportEntry,
} from '../../../src/report/manifest/entry.ts';
import { type ManifestSettings, reportManifest } from '../../../src/report/manifest.ts';
import {
  failedTest,
  failedWith,
  passedTest,
  present,
  recordedLog,
  redactorOf,
  skippedTest,
  spec,
  warnedTest,
} from './outcomes.ts';

/** The runner takes 1 MiB of a step's summary. */
export const limit = 1024 * 1024;
export const scope = { path: 'fivetran.yml', shard: undefined, dry_run: false };

export const entry = (name: string, outcome: Outcome, secrets: string[] = []): EntryReport =>
  reportEntry({ entry: { name, spec }, outcome }, redactorOf(...secrets), createDetailBudget());

export const fine = present({ setup_tests: [passedTest] });
export const bad = present({ setup_tests: [passedTest, failedTest, skippedTest] });
export const warned = present({ setup_tests: [warnedTest] });
export const refused = failedWith('Could not create it: 403. Check the role.');

export const passedEntry = entry('passed', fine);
export const failedEntry = entry('failed', bad);
export const many = (
  count: number,
  report: EntryReport,
  more: (name: string) => Partial<EntryReport> = () => ({}),
) =>
  Array.from({ length: count }, (_, at) => ({
    ...report,
    name: `source_${at}`,
    ...more(`source_${at}`),
  }));

/** Reports on these entries as a run does. */
export async function reported(
  outcomes: Record<string, Outcome>,
  {
    shard,
    secrets = [],
    env = {},
    ...settings
  }: Partial<ManifestSettings> & { shard?: string; secrets?: string[]; env?: object } = {},
) {
  const redactor = redactorOf(...secrets);
  const { log, result } = recordedLog(redactor);
  const reports = Object.entries(outcomes).map(([name, outcome]) => {
    const report = reportEntry({ entry: { name, spec }, outcome }, redactor, createDetailBudget());
    logEntry(report, [`What happened to ${name}`], log);
    return report;
  });
  await reportManifest(
    reports,
    {
      summary: true,
      comment: undefined,
      dry_run: false,
      target: { path: 'fivetran.yml', shard },
      ...settings,
    },
    { log, redactor, env: { ...env }, signal: new AbortController().signal },
  );
  return result();
}
