import type { FieldChange } from '../../connection/plan/diff.ts';
import type { SelectionChange } from '../../connection/selection/diff.ts';
import { dotted, levelOf } from '../../connection/selection/path.ts';
import { conjunction, oneLine, pluralize, truncate } from '../../text/format.ts';
import type { ShownOutcome } from './redact.ts';

/** What a step changed or would change about a connection that exists. */
export type Changes = {
  fields: readonly FieldChange[];
  selection: readonly SelectionChange[];
};

/** One change in words: `table public.users: sync_mode SOFT_DELETE → HISTORY`. */
export type ChangeText = {
  /** `table `, `column `, or nothing. */
  level: string;
  name: string;
  /** `sync_mode `, or nothing. */
  setting: string;
  /** The old and the new value, undefined where there is none; or what happens instead. */
  values: { from: string | undefined; to: string | undefined } | { note: string };
};

/** Stands for a value that is not there. */
export const notSet = '(not set)';

/** Characters of a value, and of a name. */
const maxValue = 200;
const maxName = 500;

/** The changes of an outcome; none for a connection that is created, deleted or left as it is. */
export function changesIn(outcome: ShownOutcome): Changes {
  const isUpdate =
    (outcome.kind === 'dry-run' && outcome.plan === 'update') ||
    ((outcome.kind === 'present' || outcome.kind === 'failed') && outcome.result === 'updated');
  if (!isUpdate) return { fields: [], selection: [] };
  return { fields: outcome.fieldChanges ?? [], selection: outcome.selectionChanges ?? [] };
}

/** Each change in words, fields first. */
export const changeTexts = ({ fields, selection }: Changes): ChangeText[] => [
  ...fields.map(fieldText),
  ...selection.map(selectionText),
];

/** A change as one line of text: `config.host: db1 → db2`. */
export function changeLine({ level, name, setting, values }: ChangeText): string {
  const end = 'note' in values ? values.note : `${values.from ?? notSet} → ${values.to ?? notSet}`;
  return `${level}${name}: ${setting}${end}`;
}

function fieldText({ field, from, to, shown }: FieldChange): ChangeText {
  const notes = { name: 'changed', 'sent-again': 'sent again' };
  return {
    level: '',
    name: truncate(oneLine(field), maxName),
    setting: '',
    values:
      shown === 'values' ? { from: valueText(from), to: valueText(to) } : { note: notes[shown] },
  };
}

function selectionText({ path, field, from, to }: SelectionChange): ChangeText {
  if (path.length === 0) {
    const values = { from: valueText(from), to: valueText(to) };
    return { level: '', name: field, setting: '', values };
  }
  return {
    level: `${levelOf(path)} `,
    name: truncate(oneLine(dotted(path)), maxName),
    ...settingText({ field, from, to }),
  };
}

function settingText({
  field,
  from,
  to,
}: Omit<SelectionChange, 'path'>): Pick<ChangeText, 'setting' | 'values'> {
  if (field === 'enabled') {
    return { setting: '', values: to ? { from: off, to: on } : { from: on, to: off } };
  }
  if (typeof to !== 'boolean') {
    return { setting: `${field} `, values: { from: valueText(from), to: valueText(to) } };
  }
  const flag = field.replace(/^is_/, '').replaceAll('_', ' ');
  return { setting: '', values: { note: to ? flag : `not ${flag}` } };
}

const on = 'enabled';
const off = 'disabled';

/** A value as JSON in one line; plain words, which nothing else reads like, go without quotes. */
function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const isPlain = typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) && !isJson(value);
  return truncate(oneLine(isPlain ? value : (JSON.stringify(value) ?? '')), maxValue);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * What changes, counted by kind, in verbs: `change 2 fields and disable 1 table`; empty when
 * nothing does.
 */
export function countChanges({ fields, selection }: Changes): string {
  const counts = new Map<string, { verb: string; noun: string; count: number }>();
  const add = (verb: string, noun: string): void => {
    const key = `${verb} ${noun}`;
    const { count } = counts.get(key) ?? { count: 0 };
    counts.set(key, { verb, noun, count: count + 1 });
  };
  for (const { shown } of fields) if (shown !== 'sent-again') add('change', 'field');
  for (const change of selection) add(...countedAs(change));
  return conjunction(
    [...counts.values()].map(({ verb, noun, count }) => `${verb} ${pluralize(count, noun)}`),
  );
}

/** The verb and the noun that a change of the selection is counted under. */
function countedAs({ path, field, to }: SelectionChange): [verb: string, noun: string] {
  if (path.length === 0) return ['change', 'field'];
  const level = levelOf(path);
  if (field === 'enabled') return [to ? 'enable' : 'disable', level];
  if (field === 'hashed') return [to ? 'hash' : 'stop hashing', level];
  return ['change', level];
}
