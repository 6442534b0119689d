import { describeSelection } from '../../connection/selection/describe.ts';
import { pluralize, truncate } from '../../text/format.ts';
import { fitWithin, sizeOf } from '../markup/fit.ts';
import {
  code,
  codeNames,
  escapeHtml,
  escapePre,
  folded,
  list,
  markNames,
  paragraph,
} from '../markup/html.ts';
import { dashboardUrl } from '../verdict/identity.ts';
import type { Report } from '../verdict/report.ts';
import { unquotedReasons } from '../verdict/setup-failure.ts';
import { testDetails, testTable } from '../verdict/tests.ts';
import { changesSection, planSections } from './plan-sections.ts';
import { trustSections } from './trust-sections.ts';

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
  const { outcome, verdict, spec, origin } = report;
  const part = budget / 8;
  const statements = statementsOf(report);
  const otherReasons = unquotedReasons(outcome);
  const tests = outcome.connection?.setup_tests ?? [];
  const details = testDetails(tests).map(({ title, text }) =>
    folded(`Details: ${escapeHtml(title)}`, `<pre>${escapePre(text)}</pre>`),
  );
  const shown = fitWithin(details, budget / 2, sizeOf);
  return [
    ...factsLine(report),
    ...statements.map((text) => paragraph(safe(text))),
    ...sentences('Note', outcome.notes, part),
    ...sentences('Fivetran says', otherReasons, part),
    ...(outcome.kind === 'dry-run' ? planSections(outcome, part) : []),
    ...(outcome.kind === 'present' ? changesSection(outcome.fieldChanges ?? [], part) : []),
    ...trustSections(outcome.connection, spec, origin),
    ...testTable(tests, budget / 4),
    ...nextLine(verdict.next),
    ...shown,
    ...hiddenDetails(details.length - shown.length),
  ];
}

const hiddenDetails = (count: number): string[] =>
  count > 0
    ? [paragraph(`The details of ${pluralize(count, 'more setup test')} did not fit.`)]
    : [];

const safe = (text: string): string => markNames(truncate(text, maxSentence));

/**
 * Group, connection with its link, and states in one line.
 *
 * @param more facts that the rest does not show
 */
export function factsLine(
  { outcome, group_id, origin, exists }: Report,
  more: string[] = [],
): string[] {
  const { connection } = outcome;
  const { setup_state, sync_state } = connection?.status ?? {};
  const hasWaited = outcome.kind === 'present' && outcome.sync !== undefined;
  const link = connection && (exists ? linkTo(connection.id) : code(connection.id));
  const facts = [
    connection && `Connection ${link}`,
    group_id !== undefined && `${connection ? 'group' : 'Group'} ${code(truncate(group_id, 100))}`,
    exists && setup_state && `setup ${escapeHtml(truncate(setup_state, 100))}`,
    // After a wait, the state is that of the next sync.
    exists && !hasWaited && sync_state && `sync ${escapeHtml(truncate(sync_state, 100))}`,
    outcome.kind === 'dry-run' && origin === 'inputs' && 'nothing was changed',
    ...more,
  ];
  const line = facts
    .filter((fact) => typeof fact === 'string' && fact !== '')
    .map(unbroken)
    .join(' · ');
  return line ? [paragraph(line)] : [];
}

/** A fact whose words stay on one line; the spaces of tags are left. */
const unbroken = (fact: unknown): string => String(fact).replace(/ (?![^<]*>)/g, '&#160;');

export const linkTo = (id: string, text = id): string =>
  `<a href="${dashboardUrl(id)}">${escapeHtml(truncate(text, 200))}</a>`;

/** What the heading leaves out about the outcome. */
function statementsOf({ outcome, verdict }: Report): string[] {
  switch (outcome.kind) {
    case 'failed':
      return [verdict.rest].filter(Boolean);
    case 'present': {
      const { selection } = outcome;
      const counts = selection && `Selection: ${describeSelection(selection)}.`;
      return [counts ?? '', verdict.rest].filter(Boolean);
    }
    case 'dry-run':
    case 'absent':
    case 'deleted':
      return [];
    default:
      return outcome satisfies never;
  }
}

/** One sentence as a paragraph, several as a list. */
function sentences(title: string, texts: readonly string[], budget: number): string[] {
  const [first, ...more] = texts.map(safe);
  if (first === undefined) return [];
  if (more.length === 0) return [paragraph(`${title}: ${first}`)];
  return [paragraph(`${title}${title === 'Note' ? 's' : ''}:`), list([first, ...more], budget)];
}

export function nextLine(steps: readonly string[]): string[] {
  return steps.length > 0 ? [paragraph(`<b>Next:</b> ${steps.map(codeNames).join(' ')}`)] : [];
}
