import * as core from '@actions/core';
import { failedTests, type Grade, gradeOf } from '../connection/setup-tests.ts';
import type { State } from '../connection/state.ts';
import type { SetupTest } from '../fivetran/answers.ts';
import { presentedIn } from '../fivetran/fingerprint.ts';
import type { StepLog } from './log.ts';
import type { EntryReport } from './manifest-report.ts';
import { dashboardUrl, type Verdict } from './verdict.ts';

/** The runner shows ten annotations of a kind for a step; one stays free for the failure line. */
const maxAnnotations = 9;

/** What the log says of a connection in the end: its plan, its tests and its states. */
export function connectionLines({ connection, plan, result }: State): string[] {
  const planned = [
    ...(plan?.problems ?? []).map((problem) => `Problem: ${problem}`),
    ...(plan?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...(plan?.steps ?? []).map((step) => `Plan: ${step}`),
  ];
  if (!connection) return planned;
  const tests = connection.setup_tests.flatMap((test) => [
    `${test.status}  ${titled(test)}`,
    ...(gradeOf(test) === 'failed' ? presentedIn(test.details) : []).map(
      ({ kind, shown }) => `Shown as ${kind === 'fingerprint' ? 'host key' : kind}: ${shown}`,
    ),
  ]);
  if (result === 'deleted' || result === 'absent') return tests;
  const states = Object.entries(connection.status).flatMap(([name, value]) =>
    name.endsWith('_state') && value ? [`${name}: ${value}`] : [],
  );
  return [...planned, ...tests, states.join(', '), `Dashboard: ${dashboardUrl(connection.id)}`];
}

/** Annotates each test that failed or warns, and ends the step with the verdict. */
export function annotate({ connection, plan }: State, verdict: Verdict, console: StepLog): void {
  for (const problem of plan?.problems.slice(0, maxAnnotations) ?? [])
    console.error(problem, 'Dry run');
  for (const warning of plan?.warnings.slice(0, maxAnnotations) ?? [])
    console.warning(warning, 'Dry run');
  for (const { title, status, message } of failedTests(connection).slice(0, maxAnnotations)) {
    console.error(message || `The setup test ended as ${status}.`, title);
  }
  const warned = connection?.setup_tests.filter((test) => gradeOf(test) === 'warned') ?? [];
  for (const { title, message } of warned.slice(0, maxAnnotations)) {
    console.warning(message || 'The setup test ended with a warning.', title);
  }
  if (verdict.grade === 'failed') console.fail(verdict.sentence);
  else if (verdict.grade === 'passed') console.line(verdict.sentence);
  else console.warning([verdict.sentence, ...verdict.next].join(' '));
}

/** Annotates each connection that failed or warns, and ends the step with the verdict on all. */
export function annotateMany(rows: EntryReport[], sentence: string, console: StepLog): void {
  const graded = (grade: Grade): EntryReport[] => rows.filter((row) => row.grade === grade);
  for (const row of graded('failed').slice(0, maxAnnotations))
    console.error(row.sentence, row.name);
  for (const row of graded('warned').slice(0, maxAnnotations))
    console.warning(row.sentence, row.name);
  if (graded('failed').length > 0) console.fail(sentence);
  else console.line(sentence);
}

const titled = ({ title, message }: SetupTest): string =>
  message ? `${title}: ${message}` : title;

/** Appends to the job summary, where the runner has one. */
export async function writeSummary(markdown: string, console: StepLog): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    console.warning(`There is no job summary: ${(error as Error).message}`);
  }
}
