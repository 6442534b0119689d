import * as core from '@actions/core';
import type { Progress } from '../connection/progress.ts';
import { failedTests, gradeOf } from '../connection/setup-tests.ts';
import { dashboardUrl, type Verdict } from '../connection/verdict.ts';
import type { SetupTest } from '../fivetran/answers.ts';
import type { Console } from './console.ts';

/** The runner shows ten annotations of a kind for a step; one stays free for the failure line. */
const maxAnnotations = 9;

/** Writes what is known of a connection and its tests to the log. */
export function logConnection({ connection, plan, result }: Progress, console: Console): void {
  for (const problem of plan?.problems ?? []) console.line(`Problem: ${problem}`);
  for (const warning of plan?.warnings ?? []) console.line(`Warning: ${warning}`);
  for (const step of plan?.steps ?? []) console.line(`Plan: ${step}`);
  if (!connection) return;
  for (const test of connection.setup_tests) console.line(`${test.status}  ${titled(test)}`);
  const states = Object.entries(connection.status).flatMap(([name, value]) =>
    name.endsWith('_state') && value ? [`${name}: ${value}`] : [],
  );
  if (result === 'deleted') return;
  if (states.length > 0) console.line(states.join(', '));
  console.line(`Dashboard: ${dashboardUrl(connection.id)}`);
}

/** Annotates each test that failed or warns, and ends the step with the verdict. */
export function annotate({ connection, plan }: Progress, verdict: Verdict, console: Console): void {
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

const titled = ({ title, message }: SetupTest): string =>
  message ? `${title}: ${message}` : title;

/** Appends to the job summary, where the runner has one. */
export async function writeSummary(markdown: string, console: Console): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    console.warning(`There is no job summary: ${(error as Error).message}`);
  }
}
