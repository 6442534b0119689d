import type { Change } from '../connection/diff.ts';
import type { DryRun } from '../connection/state.ts';
import { oneLine, truncate } from '../text/format.ts';
import { code, escapeHtml, list, paragraph } from './html.ts';

/** Characters that are shown of a sentence, and of a field's value. */
const maxSentence = 2000;
const maxValue = 200;

/** What a dry run found: problems, warnings, the plan, and each field that would change. */
export function planSections(
  { problems, warnings, steps, changes }: DryRun,
  budget: number,
): string[] {
  const part = budget / 2;
  return [
    ...titled('Problems', problems.map(sentence), part),
    ...titled('Warnings', warnings.map(sentence), part),
    ...titled('Plan', steps.map(sentence), part),
    ...titled('Changes', changes.map(changeItem), part),
  ];
}

/** A change as the log shows it: `config.host: "a" → "b"`. */
export function describeChange({ field, from, to, secret }: Change): string {
  const [before, after] = secret ? ['(secret)', '(secret)'] : [shownValue(from), shownValue(to)];
  return `${oneLine(field)}: ${before} → ${after}`;
}

const sentence = (text: string): string => escapeHtml(truncate(text, maxSentence));

function changeItem({ field, from, to, secret }: Change): string {
  const values = secret
    ? '(secret) → (secret)'
    : `${code(shownValue(from))} → ${code(shownValue(to))}`;
  return `${code(truncate(field, maxValue))}: ${values}`;
}

const shownValue = (value: unknown): string =>
  value === undefined ? 'not set' : truncate(JSON.stringify(value) ?? '', maxValue);

function titled(title: string, items: readonly string[], budget: number): string[] {
  return items.length > 0 ? [paragraph(`<b>${title}</b>`), list(items, budget)] : [];
}
