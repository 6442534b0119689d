import type { Progress } from '../connection/progress.ts';
import type { Plan } from '../connection/rehearse.ts';
import { type Grade, gradeOf } from '../connection/setup-tests.ts';
import { dashboardUrl, type Verdict } from '../connection/verdict.ts';
import type { Connection, SetupTest } from '../fivetran/answers.ts';
import { offeredIn } from '../fivetran/fingerprint.ts';
import { cut } from '../text.ts';
import { escapeHtml, escapePre } from './html.ts';

/** How each grade is marked. */
export const marks: Record<Grade, string> = { passed: '✅', warned: '⚠️', failed: '❌' };

/** How much of a test is shown: a summary may have 1 MB, and a person reads less. */
const limits = { tests: 100, title: 200, message: 2000, details: 8000 };

/**
 * The job summary for one connection, as Markdown. All that comes from elsewhere stands escaped in
 * HTML blocks. It holds no secret if `redact` leaves none.
 */
export const connectionSummary = (
  progress: Progress,
  verdict: Verdict,
  redact: (text: string) => string,
): string =>
  `${[`<h2>${marks[verdict.grade]} Fivetran connection</h2>`, ...connectionSections(progress, verdict, redact)].join('\n\n')}\n`;

/** What a summary says of a connection below its heading, as HTML blocks. */
export function connectionSections(
  progress: Progress,
  verdict: Verdict,
  redact: (text: string) => string,
): string[] {
  const safe: Safe = (text, length = limits.message) => escapeHtml(cut(redact(text), length));
  const { connection, plan, remarks } = progress;
  return [
    ...[verdict.sentence, ...remarks].map((sentence) => `<p>${safe(sentence)}</p>`),
    ...planParts(plan, safe),
    ...(connection
      ? [factsOf(connection, safe), ...testParts(connection.setup_tests, safe, redact)]
      : []),
    ...(verdict.next.length > 0
      ? ['<h3>What to do next</h3>', list(verdict.next.map((sentence) => safe(sentence)))]
      : []),
  ];
}

function factsOf({ id, status, ...connection }: Connection, safe: Safe): string {
  const notes = [...status.tasks, ...status.warnings];
  const facts = [
    ['Connection', `<a href="${dashboardUrl(id)}">${safe(id)}</a>`],
    ['Service', safe(connection.service ?? '')],
    ['Name', safe(connection.schema ?? '')],
    ['Group', safe(connection.group_id ?? '')],
    ['Setup state', safe(status.setup_state ?? '')],
    ['Sync state', safe(status.sync_state ?? '')],
    ...notes.map(({ message, code }) => ['Fivetran says', safe(message ?? code ?? '')]),
  ];
  return table(facts.filter(([, value]) => value));
}

type Safe = (text: string, length?: number) => string;

/** What a rehearsal found, each kind as a list. */
function planParts(plan: Plan | undefined, safe: Safe): string[] {
  if (!plan) return [];
  const part = (title: string, items: string[]): string[] =>
    items.length > 0 ? [`<h3>${title}</h3>`, list(items.map((item) => safe(item)))] : [];
  return [
    ...part('What would make it fail', plan.problems),
    ...part('What to know', plan.warnings),
    ...part('What a real run would do', plan.steps),
  ];
}

function testParts(tests: SetupTest[], safe: Safe, redact: (text: string) => string): string[] {
  if (tests.length === 0) return [];
  const rows = tests
    .slice(0, limits.tests)
    .map((test) => [
      `${marks[gradeOf(test)]} ${safe(test.status, limits.title)}`,
      safe(test.title, limits.title),
      safe(test.message),
    ]);
  const hidden = tests.length - rows.length;
  return [
    '<h3>Setup tests</h3>',
    table(rows, ['Status', 'Test', 'Message']),
    ...(hidden > 0 ? [`<p>And ${hidden} more.</p>`] : []),
    ...tests
      .filter((test) => gradeOf(test) === 'failed' && test.details != null)
      .slice(0, limits.tests)
      .map((test) => folded(safe(test.title, limits.title), detailsOf(test.details, redact))),
  ];
}

/** A failed test's details: a host key or certificate as one compares it, all else as JSON. */
function detailsOf(details: unknown, redact: (text: string) => string): string {
  const offered = offeredIn(details).map((one) =>
    one.kind === 'fingerprint'
      ? `Host key, to compare and then list in trusted_fingerprints:\n${one.shown}\n${one.public_key}`
      : `Certificate, to compare and then list in trusted_certificates (SHA-256):\n${one.shown}`,
  );
  const rest = typeof details === 'string' ? details : JSON.stringify(details, null, 2);
  return escapePre(cut(redact([...offered, rest].join('\n\n')), limits.details));
}

/** A table whose cells are HTML already. */
export const table = (rows: string[][], head?: string[]): string =>
  `<table>${head ? row(head, 'th') : ''}${rows.map((cells) => row(cells, 'td')).join('')}</table>`;

const row = (cells: string[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

const list = (items: string[]): string =>
  `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

const folded = (title: string, text: string): string =>
  `<details><summary>${title}: details</summary><pre>${text}</pre></details>`;
