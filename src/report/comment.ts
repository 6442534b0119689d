import { createHash } from 'node:crypto';
import { gradeOf } from '../connection/grade.ts';
import * as github from '../github/comment.ts';
import { truncate } from '../text/format.ts';
import { andMore, escapeCell, escapeHtml, paragraph, table } from './html.ts';
import type { StepLog } from './log.ts';
import type { Report } from './report.ts';
import { reasonsOf } from './setup-failure.ts';
import { factsLine, maxHeading, nextLine } from './summary.ts';
import { marks, sortTests } from './test-results.ts';
import { trustSections } from './trust-sections.ts';

/** Bytes of a comment's table; GitHub takes 65,536 characters in all. */
const tableBytes = 20_000;

/** Characters of a message, and how many tests and reasons are shown. */
const maxMessage = 150;
const maxTests = 10;
const maxReasons = 3;

/** The comment on one connection: the summary's facts, and only the tests that did not pass. */
export function connectionComment(report: Report): string {
  const { outcome, verdict, spec } = report;
  const problems = outcome.kind === 'dry-run' ? outcome.problems : [];
  const statements = [
    ...(outcome.kind === 'failed' ? [verdict.message] : []),
    ...(outcome.kind === 'present' && outcome.sync ? [outcome.sync.message] : []),
    ...problems.slice(0, maxTests),
    ...reasonsOf(outcome.connection)
      .slice(0, maxReasons)
      .map((reason) => `Fivetran says: ${reason}`),
  ];
  return [
    `<h3>${escapeHtml(truncate(report.heading, maxHeading))}</h3>`,
    ...factsLine(report),
    ...statements.map((text) => paragraph(escapeHtml(truncate(text, 500)))),
    ...trustSections(outcome.connection, spec, report.origin),
    ...testsNotPassed(report),
    ...nextLine(verdict.next),
  ].join('\n\n');
}

function testsNotPassed({ outcome }: Report): string[] {
  const tests = sortTests(outcome.connection?.setup_tests ?? []).filter(
    (test) => gradeOf(test) !== 'passed',
  );
  if (tests.length === 0) return [];
  const rows = tests
    .slice(0, maxTests)
    .map((test) => [
      `${marks[gradeOf(test)]} ${escapeCell(truncate(test.status, 50))}`,
      escapeCell(truncate(test.title, maxMessage)),
      escapeCell(truncate(test.message, maxMessage)),
    ]);
  const { html, hidden } = table(['Result', 'Setup test', 'Message'], rows, tableBytes);
  const more = tests.length - rows.length + hidden;
  return [html, ...andMore(more, 'setup tests.').map(paragraph)];
}

/**
 * Writes the comment of this step to the pull request, or says why there is none. Never fails the
 * step.
 *
 * @param subject what the step is about, so that steps of a matrix have a comment each
 */
export async function writeComment(
  text: string,
  subject: readonly unknown[],
  token: string,
  { log, env }: { log: StepLog; env: NodeJS.ProcessEnv },
): Promise<void> {
  const body = [text, ...runLink(env)].join('\n\n');
  const result = await github.writeComment({ marker: markerOf(subject, env), body }, token, env);
  switch (result.kind) {
    case 'created':
    case 'updated':
      return log.info(`The pull request comment was ${result.kind}: ${result.url}`);
    case 'no-pull-request':
      return log.notice(
        'comment: true has no effect here: the workflow does not run for a pull request.',
      );
    case 'not-permitted':
      return log.warning(
        `Could not write the pull request comment (${result.status}): the job needs "permissions: pull-requests: write". ` +
          'Workflows that run for a fork or for Dependabot get a read-only token.',
      );
    case 'failed':
      return log.warning(`Could not write the pull request comment: ${result.reason}`);
    default:
      return result satisfies never;
  }
}

/** The invisible first line by which a step finds its own comment again. */
function markerOf(subject: readonly unknown[], env: NodeJS.ProcessEnv): string {
  const { GITHUB_WORKFLOW, GITHUB_JOB, GITHUB_ACTION } = env;
  const step = JSON.stringify([GITHUB_WORKFLOW, GITHUB_JOB, GITHUB_ACTION, ...subject]);
  const digest = createHash('sha256').update(step).digest('hex').slice(0, 32);
  return `<!-- fivetran-connection-action ${digest} -->`;
}

function runLink({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv) {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return [];
  const url = encodeURI(`${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`);
  return [`<p><sub><a href="${url.replaceAll('&', '%26')}">Workflow run</a></sub></p>`];
}
