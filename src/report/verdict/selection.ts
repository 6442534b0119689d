import type { SelectionCounts, SelectionNames } from '../../connection/results.ts';
import { describeSelection } from '../../connection/selection/describe.ts';
import { dotted, type ItemPath } from '../../connection/selection/path.ts';
import { joined, pluralize } from '../../text/format.ts';

/**
 * How many tables or columns of a kind are told by name, and characters of the names of a kind.
 */
const maxListedNames = 10;
const maxNamesLength = 400;

/**
 * What a selection comes to: by name where that is short, otherwise in numbers. A schema's name is
 * left out where it is the only one.
 */
export function selectionSentence(selection: SelectionCounts): string {
  const { names, tables } = selection;
  const short = names && shortNames(names);
  if (!short) return `Selection: ${describeSelection(selection)}.`;
  const total = tables.enabled + tables.disabled;
  const { hashed, excluded } = short;
  return joined(
    `Syncs ${tables.enabled} of ${pluralize(total, 'table')}${tableList(short)}.`,
    hashed.length > 0 && `Hashed: ${hashed.join(', ')}.`,
    excluded.length > 0 && `Excluded: ${excluded.join(', ')}.`,
  );
}

type ShortNames = Record<keyof SelectionNames, string[]>;

function tableList({ tables, locked }: ShortNames): string {
  const always = locked.length > 0 ? `${locked.join(', ')}, which Fivetran always syncs` : '';
  if (tables.length === 0) return always && `: ${always}`;
  return `: ${tables.join(', ')}${always && `; and ${always}`}`;
}

/** The names as text; undefined when there are too many to read. */
function shortNames({ tables, locked, hashed, excluded }: SelectionNames): ShortNames | undefined {
  const schemas = new Set([...tables, ...locked].map(([schema]) => schema));
  const texts = (paths: readonly ItemPath[]): string[] =>
    paths.map((path) => dotted(schemas.size === 1 ? path.slice(1) : path));
  const all = {
    tables: texts(tables),
    locked: texts(locked),
    hashed: texts(hashed),
    excluded: texts(excluded),
  };
  const isShort = Object.values(all).every(
    (names) => names.length <= maxListedNames && names.join(', ').length <= maxNamesLength,
  );
  return isShort ? all : undefined;
}
