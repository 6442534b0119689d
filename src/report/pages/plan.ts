import { code, escapeHtml, list, markCode, paragraph } from '../markup/html.ts';
import {
  type Changes,
  type ChangeText,
  changesIn,
  changeTexts,
  notSet,
} from '../verdict/changes.ts';
import type { Planned } from '../verdict/plan.ts';

/** How much of a plan is shown: bytes of each list, and how many items of each. */
export type PlanLimits = { budget: number; maxItems: number };

/**
 * What a dry run found: problems and warnings; the plan, unless a real run would fail; and the
 * changes.
 */
export function planSections(outcome: Planned, limits: PlanLimits): string[] {
  const { problems, warnings, steps } = outcome;
  return [
    ...titledList('Problems', problems.map(markCode), limits),
    ...titledList('Warnings', warnings.map(markCode), limits),
    ...titledList('Plan', problems.length > 0 ? [] : steps.map(markCode), limits),
    ...changesSection(changesIn(outcome), limits),
  ];
}

/**
 * The fields, schemas, tables and columns that an update changes, with their old and new values.
 */
export const changesSection = (changes: Changes, limits: PlanLimits): string[] =>
  titledList('Changes', changeTexts(changes).map(changeItem), limits);

function changeItem({ level, name, setting, values }: ChangeText): string {
  const end =
    'note' in values
      ? escapeHtml(values.note)
      : [values.from, values.to]
          .map((value) => (value === undefined ? notSet : code(value)))
          .join(' → ');
  return `${level}${code(name)}: ${escapeHtml(setting)}${end}`;
}

function titledList(
  title: string,
  items: readonly string[],
  { budget, maxItems }: PlanLimits,
): string[] {
  if (items.length === 0) return [];
  return [
    paragraph(`<b>${title}</b>`),
    list(items.slice(0, maxItems), { budget, total: items.length }),
  ];
}
