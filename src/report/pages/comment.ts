import { createHash } from 'node:crypto';
import { writeComment } from '../../github/comment.ts';
import type { Settings } from '../../inputs/spec.ts';
import { truncate } from '../../text/format.ts';
import { shortened } from '../markup/fit.ts';
import { andMore, code, escapeHtml, htmlTable, markCode, paragraph } from '../markup/html.ts';
import { changesIn } from '../verdict/changes.ts';
import type { Report, ReportDeps } from '../verdict/report.ts';
import { selectionSentence } from '../verdict/selection.ts';
import { unquotedReasons } from '../verdict/setup-failure.ts';
import { countTests, describeCounts, sortTests } from '../verdict/tests.ts';
import { changesSection, planSections } from './plan.ts';
import { factsLine, maxHeading, nextStepsLine } from './summary.ts';
import { testCells } from './tests.ts';
import { trustSections } from './trust.ts';

/** Bytes of a comment's table or list; GitHub takes 65,536 characters in all. */
export const tableBytes = 20_000;

/** Characters of a statement and of a message, and how many tests and reasons are shown. */
const maxStatement = 500;
const maxMessageShown = 150;
const maxRows = 10;
const maxReasons = 3;

/** How long writing a comment may take, with all its requests. */
const maxWriteMs = 60_000;

/** How much of a plan and of its changes is shown. */
const planLimits = { budget: 5000, maxItems: 20 };

/**
 * The comment on one connection: the summary's facts and plan, and the tests that did not pass.
 */
export function connectionComment(report: Report): string {
  const { outcome, verdict } = report;
  const counts = describeCounts(countTests(outcome.connection?.setup_tests));
  const selection = outcome.kind === 'present' && outcome.selection;
  const statements = [
    ...(selection ? [selectionSentence(selection)] : []),
    ...(verdict.details ? [verdict.details] : []),
    ...unquotedReasons(outcome)
      .slice(0, maxReasons)
      .map((reason) => `Fivetran says: ${reason}`),
  ];
  return [
    `<h3>${escapeHtml(truncate(report.heading, maxHeading))}</h3>`,
    ...factsLine(report, counts ? [`setup tests: ${counts}`] : []),
    ...statements.map((text) => paragraph(markCode(shortened(text, maxStatement)))),
    ...(outcome.kind === 'dry-run'
      ? planSections(outcome, planLimits)
      : changesSection(changesIn(outcome), planLimits)),
    ...trustSections(report),
    ...testsNotPassed(report),
    ...nextStepsLine(verdict.next),
  ].join('\n\n');
}

function testsNotPassed({ outcome }: Report): string[] {
  const tests = sortTests(outcome.connection?.setup_tests ?? []).filter(
    ({ grade }) => grade !== 'passed',
  );
  if (tests.length === 0) return [];
  const rows = tests.slice(0, maxRows).map((test) => testCells(test, maxMessageShown));
  const { html, hidden } = htmlTable(['Result', 'Setup test', 'Message'], rows, tableBytes);
  const more = tests.length - rows.length + hidden;
  return [html, ...andMore(more, 'setup test').map(paragraph)];
}

/**
 * Writes the comment of this step to the pull request, or says why there is none. Never fails the
 * step.
 */
export async function postComment(
  text: string,
  { github_token, comment_key }: NonNullable<Settings['comment']>,
  { log, env, signal }: Omit<ReportDeps, 'redactor'>,
): Promise<void> {
  const comment = {
    marker: markerOf(comment_key, env),
    body: [text, ...footer(env)].join('\n\n'),
  };
  const result = await writeComment(comment, github_token, { env, signal, limitMs: maxWriteMs });
  switch (result.kind) {
    case 'created':
    case 'updated': {
      const link = result.url ? `: ${result.url}` : '.';
      return log.info(`The pull request comment was ${result.kind}${link}`);
    }
    case 'cancelled':
      return log.info('The pull request comment was not written: the run was cancelled.');
    case 'no-pull-request':
      return log.notice(
        'comment: true has no effect here: the workflow does not run for a pull request.',
      );
    case 'not-permitted':
      return log.warning(
        `Could not write the pull request comment (${result.status}): the job needs "permissions: pull-requests: write". ` +
          'Workflows that run for a fork or for Dependabot get a read-only token.',
      );
    case 'rate-limited':
      return log.warning(
        `Could not write the pull request comment (${result.status}): GitHub's rate limit for this token is reached. ` +
          'The next run writes it.',
      );
    case 'failed':
      return log.warning(`Could not write the pull request comment: ${result.reason}`);
    default:
      return result satisfies never;
  }
}

/**
 * The invisible first line by which a step finds its own comment again. It identifies the step,
 * and nothing that the step is about: a connection that is renamed, or inputs that cannot be read,
 * must not leave the comment of an earlier run behind.
 *
 * @param key tells the jobs of a matrix apart, which share all three names
 */
function markerOf(key: string, env: NodeJS.ProcessEnv): string {
  const { GITHUB_WORKFLOW, GITHUB_JOB, GITHUB_ACTION } = env;
  const step = JSON.stringify([GITHUB_WORKFLOW, GITHUB_JOB, GITHUB_ACTION, key]);
  const digest = createHash('sha256').update(step).digest('hex').slice(0, 32);
  return `<!-- fivetran-connection-action ${digest} -->`;
}

/** A link to the run, and the commit that it ran for. */
function footer(env: NodeJS.ProcessEnv): string[] {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SHA = '' } = env;
  const isKnown = GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID;
  const url = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const parts = [
    ...(isKnown ? [`<a href="${encodeURI(url).replaceAll('&', '%26')}">Workflow run</a>`] : []),
    ...(/^[\da-f]{7,}$/i.test(GITHUB_SHA) ? [`commit ${code(GITHUB_SHA.slice(0, 7))}`] : []),
  ];
  return parts.length > 0 ? [`<p><sub>${parts.join(' · ')}</sub></p>`] : [];
}
