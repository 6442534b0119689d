import { firstOf, oneLine, pluralize, truncate } from '../../text/format.ts';
import { marks } from '../verdict/tests.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { EntryReport } from './entry.ts';

/** How many failed connections the failure line names. */
const maxFailedNames = 20;

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
  const end = dry_run ? 'would fail' : 'failed';
  const outcome = dry_run
    ? plannedText(reports, all)
    : `${all}: ${countResults(reports).join(', ')}`;
  const counts = failed > 0 ? `${failed} of ${all} ${end}` : outcome;
  const warnings = warned > 0 ? `${warned} with warnings` : '';
  const text =
    reports.length === 0
      ? 'No Fivetran connections'
      : [counts, warnings].filter(Boolean).join(', ');
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
  const counts = countResults(reports.filter(({ grade }) => grade !== 'failed'));
  const all = pluralize(reports.length, 'connection');
  if (failed.length === 0) return `${all}${where}: ${counts.join(', ')}.`;
  const names = failed.map(({ name }) => truncate(oneLine(name), 100));
  const others = counts.length > 0 ? ` The others: ${counts.join(', ')}.` : '';
  return `${failed.length} of ${all}${where} failed: ${firstOf(names, maxFailedNames)}.${others}`;
}

/**
 * `2 created`, `1 updated`: what became of the entries for which anything was done; of a dry run,
 * what would: `2 to create`.
 */
export const countResults = (reports: readonly EntryReport[]): string[] =>
  [...countEach(reports.map(({ result, plan }) => (plan ? planWords[plan] : result)))]
    .filter(([result]) => result !== '')
    .map(([result, count]) => `${count} ${result}`);

const planWords: Record<NonNullable<EntryReport['plan']>, string> = {
  create: 'to create',
  update: 'to update',
  reuse: 'to reuse',
  delete: 'to delete',
  nothing: 'with nothing to do',
  refuse: 'refused',
};

/** `would create 12 Fivetran connections`; `12 Fivetran connections: would create 8, reuse 4`. */
function plannedText(reports: readonly EntryReport[], all: string): string {
  const verbs = countEach(reports.map(({ plan = 'nothing' }) => plan));
  const [first] = verbs.keys();
  if (verbs.size === 1 && first !== 'nothing') return `would ${first} ${all}`;
  const parts = [...verbs].map(([action, count]) =>
    action === 'nothing' ? `do nothing for ${count}` : `${action} ${count}`,
  );
  return `${all}: would ${parts.join(', ')}`;
}

function countEach<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
