import { oneLine, pluralize, truncate } from '../text/format.ts';
import type { EntryReport } from './entry-report.ts';
import { marks } from './test-results.ts';
import type { Verdict } from './verdict.ts';

/** How many failed connections the failure line names. */
const maxNames = 20;

/** The worst grade of all entries. */
export function gradeOfAll(reports: readonly EntryReport[]): Verdict['grade'] {
  const has = (wanted: Verdict['grade']) => reports.some(({ grade }) => grade === wanted);
  return has('failed') ? 'failed' : has('warned') ? 'warned' : 'passed';
}

/** `❌ 2 of 4 Fivetran connections failed`. */
export function manifestHeading(
  reports: readonly EntryReport[],
  { dry_run }: { dry_run: boolean },
): string {
  const count = (wanted: Verdict['grade']) =>
    reports.filter(({ grade }) => grade === wanted).length;
  const [failed, warned] = [count('failed'), count('warned')];
  const all = pluralize(reports.length, 'Fivetran connection');
  const counts = failed > 0 ? '' : countResults(reports).join(', ');
  const warnings = warned > 0 ? `${warned} with warnings` : '';
  const text =
    reports.length === 0
      ? 'No Fivetran connections'
      : failed > 0
        ? [`${failed} of ${all} failed`, warnings].filter(Boolean).join(', ')
        : `${all}: ${[counts, warnings].filter(Boolean).join(', ')}`;
  return `${marks[gradeOfAll(reports)]} ${dry_run ? 'Dry run: ' : ''}${text}`;
}

/** The whole run in a sentence, with the names of the connections that failed. */
export function manifestSentence(
  reports: readonly EntryReport[],
  shard: string | undefined,
): string {
  const where = shard === undefined ? '' : ` in shard ${shard}`;
  if (reports.length === 0) return `Nothing to do: there are no connections${where}.`;
  const failed = reports.filter(({ grade }) => grade === 'failed');
  const counts = countResults(reports);
  const all = pluralize(reports.length, 'connection');
  if (failed.length === 0) return `${all}${where}: ${counts.join(', ')}.`;
  const names = failed.slice(0, maxNames).map(({ name }) => truncate(oneLine(name), 100));
  const more = failed.length > maxNames ? ` and ${failed.length - maxNames} more` : '';
  const others = counts.length > 0 ? ` The others: ${counts.join(', ')}.` : '';
  return `${failed.length} of ${all}${where} failed: ${names.join(', ')}${more}.${others}`;
}

/** `2 created`, `1 updated`: how the entries that did not fail ended. */
export function countResults(reports: readonly EntryReport[]): string[] {
  const results = new Map<string, number>();
  for (const { grade, result } of reports) {
    if (grade !== 'failed') results.set(result, (results.get(result) ?? 0) + 1);
  }
  return [...results].map(([result, count]) => `${count} ${result}`);
}
