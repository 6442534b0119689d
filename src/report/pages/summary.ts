import { pluralize, truncate } from '../../text/format.ts';
import { fitWithin, sizeOf } from '../markup/fit.ts';
import { code, escapeHtml, escapePre, folded, list, markCode, paragraph } from '../markup/html.ts';
import { changesIn } from '../verdict/changes.ts';
import { dashboardUrl } from '../verdict/identity.ts';
import type { Report } from '../verdict/report.ts';
import { selectionSentence } from '../verdict/selection.ts';
import { unquotedReasons } from '../verdict/setup-failure.ts';
import { changesSection, planSections } from './plan.ts';
import { testDetails, testTable } from './tests.ts';
import { trustSections } from './trust.ts';

/** Bytes that a summary may take; the runner refuses more than 1 MiB for a step. */
export const summaryBytes = 1_000_000;

/** Characters of a heading. */
export const maxHeading = 300;

/** The job summary for one connection, as Markdown. */
export const connectionSummary = (report: Report): string =>
  `${[heading(report), ...sectionsOf(report, summaryBytes)].join('\n\n')}\n`;

const heading = (report: Report): string =>
  `<h2>${escapeHtml(truncate(report.heading, maxHeading))}</h2>`;

/** Characters of one sentence that are shown. */
const maxSentence = 2000;

/**
 * What a summary says about a connection below its heading, as HTML blocks: the facts, what went
 * wrong, the tests, what to do next, and collapsed details.
 *
 * @param budget bytes that the sections may take together
 */
export function sectionsOf(report: Report, budget: number): string[] {
  const { outcome, verdict } = report;
  const part = budget / 8;
  const limits = { budget: part / 2, maxItems: Number.POSITIVE_INFINITY };
  const tests = outcome.connection?.setup_tests ?? [];
  const details = testDetails(tests).map(({ title, text }) =>
    folded(`Details: ${escapeHtml(title)}`, `<pre>${escapePre(text)}</pre>`),
  );
  const shown = fitWithin(details, budget / 2, sizeOf);
  return [
    ...factsLine(report),
    ...statementsOf(report).map((text) => paragraph(sentenceHtml(text))),
    ...titledSentences('Note', outcome.notes, part),
    ...titledSentences('Fivetran says', unquotedReasons(outcome), part),
    ...(outcome.kind === 'dry-run'
      ? planSections(outcome, limits)
      : changesSection(changesIn(outcome), limits)),
    ...trustSections(report),
    ...testTable(tests, budget / 4),
    ...nextStepsLine(verdict.next),
    ...shown,
    ...hiddenDetails(details.length - shown.length),
  ];
}

const hiddenDetails = (count: number): string[] =>
  count > 0
    ? [paragraph(`The details of ${pluralize(count, 'more setup test')} did not fit.`)]
    : [];

const sentenceHtml = (text: string): string => markCode(truncate(text, maxSentence));

/**
 * Group, connection with its link, and states in one line.
 *
 * @param more facts that the rest does not show
 */
export function factsLine(
  { outcome, verdict, group_id, origin, exists }: Report,
  more: string[] = [],
): string[] {
  const { connection } = outcome;
  const { setup_state, sync_state } = connection?.status ?? {};
  const hasWaited = outcome.kind === 'present' && outcome.sync !== undefined;
  const link = connection && (exists ? linkTo(connection.id) : code(connection.id));
  // A heading about a failure has no room for what was done before.
  const done = outcome.kind === 'present' && verdict.grade === 'failed' ? outcome.result : '';
  const facts = [
    connection && `Connection ${link}${done && ` (${done})`}`,
    group_id !== undefined && `${connection ? 'group' : 'Group'} ${code(truncate(group_id, 100))}`,
    exists && setup_state && `setup ${escapeHtml(setup_state)}`,
    // After a wait, the state is that of the next sync.
    exists && !hasWaited && sync_state && `sync ${escapeHtml(sync_state)}`,
    outcome.kind === 'dry-run' && origin === 'inputs' && 'nothing was changed',
    ...more,
  ];
  const line = facts
    .filter((fact) => typeof fact === 'string' && fact !== '')
    .map(unbroken)
    .join(' · ');
  return line ? [paragraph(line)] : [];
}

/** A fact whose words stay on one line; the spaces of tags and of code are left. */
const unbroken = (fact: unknown): string =>
  String(fact)
    .split(/(<code>.*?<\/code>|<[^>]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(' ', '&#160;')))
    .join('');

/** A link to a connection's page in the dashboard. */
export const linkTo = (id: string, text = id): string =>
  `<a href="${dashboardUrl(id)}">${escapeHtml(truncate(text, 200))}</a>`;

/** What the heading leaves out about the outcome. */
function statementsOf({ outcome, verdict }: Report): string[] {
  const { details } = verdict;
  const selection = outcome.kind === 'present' && outcome.selection;
  return [selection ? selectionSentence(selection) : '', details].filter(Boolean);
}

/** One sentence as a paragraph, several as a list. */
function titledSentences(title: string, texts: readonly string[], budget: number): string[] {
  const [first, ...more] = texts.map(sentenceHtml);
  if (first === undefined) return [];
  if (more.length === 0) return [paragraph(`${title}: ${first}`)];
  return [paragraph(`${title}${title === 'Note' ? 's' : ''}:`), list([first, ...more], { budget })];
}

/** What to do next, as a paragraph; nothing when there is nothing to do. */
export const nextStepsLine = (steps: readonly string[]): string[] =>
  steps.length > 0 ? [paragraph(`<b>Next:</b> ${steps.map(markCode).join(' ')}`)] : [];
