import type { Plan } from '../connection/dry-run.ts';
import { type Grade, gradeOf } from '../connection/setup-tests.ts';
import type { State } from '../connection/state.ts';
import type { Connection, SetupTest } from '../fivetran/answers.ts';
import { presentedIn } from '../fivetran/fingerprint.ts';
import { truncate } from '../text/format.ts';
import { fitWithin, sizeOf } from './fit.ts';
import { escapeHtml, escapePre } from './html.ts';
import { dashboardUrl, type Verdict } from './verdict.ts';

/** How each grade is marked. */
export const marks: Record<Grade, string> = { passed: '✅', warned: '⚠️', failed: '❌' };

/** Characters of one text that are shown. */
const limits = { title: 200, message: 2000, details: 8000 };

/** Bytes that a summary may take; the runner refuses one of more than 1 MiB. */
export const summaryBytes = 1_000_000;

/**
 * The job summary for one connection, as Markdown. All that comes from elsewhere stands escaped in
 * HTML blocks. It holds no secret if `redact` leaves none.
 */
export const connectionSummary = (
  state: State,
  verdict: Verdict,
  redact: (text: string) => string,
): string =>
  `${[`<h2>${marks[verdict.grade]} Fivetran connection</h2>`, ...connectionSections(state, verdict, redact)].join('\n\n')}\n`;

/**
 * What a summary says of a connection below its heading, as HTML blocks.
 *
 * @param budget bytes that they may take together, about; what does not fit is counted
 */
export function connectionSections(
  state: State,
  verdict: Verdict,
  redact: (text: string) => string,
  budget = summaryBytes,
): string[] {
  const show: Show = {
    safe: (text, length = limits.message) => escapeHtml(truncate(redact(text), length)),
    redact,
    // The table of the tests and their details may both be long; the rest seldom is.
    budget: budget / 4,
  };
  const { connection, plan, notes } = state;
  return [
    ...[verdict.sentence, ...notes].map((sentence) => `<p>${show.safe(sentence)}</p>`),
    ...planParts(plan, show),
    ...(connection ? [factsOf(connection, show), ...testParts(connection.setup_tests, show)] : []),
    ...listPart('What to do next', verdict.next, show),
  ];
}

type Show = {
  /** Makes a text safe to stand in HTML, and to be read by anybody. */
  safe: (text: string, length?: number) => string;
  redact: (text: string) => string;
  /** Bytes that one part may take. */
  budget: number;
};

function factsOf({ id, status, ...connection }: Connection, { safe, budget }: Show): string {
  const notes = [...status.tasks, ...status.warnings].map(({ message, code }) => [
    'Fivetran says',
    safe(message ?? code ?? ''),
  ]);
  const facts = [
    ['Connection', `<a href="${dashboardUrl(id)}">${safe(id)}</a>`],
    ['Service', safe(connection.service ?? '')],
    ['Name', safe(connection.schema ?? '')],
    ['Group', safe(connection.group_id ?? '')],
    ['Setup state', safe(status.setup_state ?? '')],
    ['Sync state', safe(status.sync_state ?? '')],
    ...fitWithin(notes, budget / 2, sizeOfRow),
  ];
  return table(facts.filter(([, value]) => value));
}

/** What a rehearsal found, each kind as a list. */
const planParts = (plan: Plan | undefined, show: Show): string[] =>
  plan
    ? [
        ...listPart('What would make it fail', plan.problems, show),
        ...listPart('What to know', plan.warnings, show),
        ...listPart('What a real run would do', plan.steps, show),
      ]
    : [];

function listPart(title: string, sentences: string[], { safe, budget }: Show): string[] {
  if (sentences.length === 0) return [];
  const items = sentences.map((sentence) => safe(sentence));
  const shown = fitWithin(items, budget / 2, sizeOf);
  const list = shown.map((item) => `<li>${item}</li>`).join('');
  return [`<h3>${title}</h3>`, `<ul>${list}</ul>`, ...andMore(items.length - shown.length)];
}

function testParts(tests: SetupTest[], show: Show): string[] {
  if (tests.length === 0) return [];
  const { safe, budget } = show;
  const rows = tests.map((test) => [
    `${marks[gradeOf(test)]} ${safe(test.status, limits.title)}`,
    safe(test.title, limits.title),
    safe(test.message),
  ]);
  const shown = fitWithin(rows, budget, sizeOfRow);
  const details = tests
    .filter((test) => gradeOf(test) === 'failed' && test.details != null)
    .map((test) => folded(safe(test.title, limits.title), detailsOf(test.details, show)));
  const unfolded = fitWithin(details, budget, sizeOf);
  return [
    '<h3>Setup tests</h3>',
    table(shown, ['Status', 'Test', 'Message']),
    ...andMore(rows.length - shown.length),
    ...unfolded,
    ...andMore(details.length - unfolded.length, 'with details'),
  ];
}

/** Counts what did not fit. */
const andMore = (count: number, what = ''): string[] =>
  count > 0 ? [`<p>And ${[count, 'more', what].filter(Boolean).join(' ')}.</p>`] : [];

const sizeOfRow = (cells: string[]): number => sizeOf(cells.join(''));

/** A failed test's details: a host key or certificate as one compares it, all else as JSON. */
function detailsOf(details: unknown, { redact }: Show): string {
  const offered = presentedIn(details).map((one) =>
    one.kind === 'fingerprint'
      ? `Host key, to compare and then list in trusted_fingerprints:\n${one.shown}\n${one.public_key}`
      : `Certificate, to compare and then list in trusted_certificates (SHA-256):\n${one.shown}`,
  );
  const rest = typeof details === 'string' ? details : JSON.stringify(details, null, 2);
  return escapePre(truncate(redact([...offered, rest].join('\n\n')), limits.details));
}

/** A table whose cells are HTML already. */
export const table = (rows: string[][], head?: string[]): string =>
  `<table>${head ? row(head, 'th') : ''}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;

const row = (cells: string[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

const folded = (title: string, text: string): string =>
  `<details><summary>${title}: details</summary><pre>${text}</pre></details>`;
