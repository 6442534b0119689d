import type { FieldChange } from '../../connection/diff.ts';
import type { DryRun } from '../../connection/results.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { code, list, markNames, paragraph } from '../markup/html.ts';

/** Characters that are shown of a sentence, and of a field's value. */
const maxSentence = 2000;
const maxValue = 200;

/** What a dry run found: problems and warnings; the plan, unless a real run would fail; and the changes. */
export function planSections(
  { problems, warnings, steps, fieldChanges }: DryRun,
  budget: number,
): string[] {
  const part = budget / 2;
  return [
    ...titled('Problems', problems.map(sentence), part),
    ...titled('Warnings', warnings.map(sentence), part),
    ...titled('Plan', problems.length > 0 ? [] : steps.map(sentence), part),
    ...changesSection(fieldChanges, part),
  ];
}

/** The fields that an update changes, with their old and new values. */
export const changesSection = (changes: readonly FieldChange[], budget: number): string[] =>
  titled('Changes', changes.map(changeItem), budget);

/** A change as the log shows it: `config.host: "a" → "b"`. */
export function describeChange({ field, from, to, shown }: FieldChange): string {
  if (shown !== 'values') return `${oneLine(field)}: ${unshown[shown]}`;
  return `${oneLine(field)}: ${valueText(from) ?? notSet} → ${valueText(to) ?? notSet}`;
}

const sentence = (text: string): string => markNames(truncate(text, maxSentence));

function changeItem({ field, from, to, shown }: FieldChange): string {
  const values = shown !== 'values' ? unshown[shown] : `${valueCode(from)} → ${valueCode(to)}`;
  return `${code(truncate(field, maxValue))}: ${values}`;
}

const unshown = { name: 'changed', 'sent-again': 'sent again' } as const;
const notSet = '(not set)';

const valueText = (value: unknown): string | undefined =>
  value === undefined ? undefined : truncate(JSON.stringify(value) ?? '', maxValue);

function valueCode(value: unknown): string {
  const text = valueText(value);
  return text === undefined ? notSet : code(text);
}

function titled(title: string, items: readonly string[], budget: number): string[] {
  return items.length > 0 ? [paragraph(`<b>${title}</b>`), list(items, budget)] : [];
}
