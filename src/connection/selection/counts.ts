import { pathAsWritten } from '../../inputs/selection.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import type { SelectionCounts, SelectionNames } from '../results.ts';
import type { WantedItem } from './wanted.ts';

/** How many tables and columns of one kind a selection is told with by name. */
const maxNames = 20;

/** Counts what syncs once the items are as wanted, and names it where that is short. */
export function countItems(schemas: WantedItem[], selection: SchemaSelection): SelectionCounts {
  const counts: SelectionCounts = {
    schemas: { enabled: 0, disabled: 0 },
    tables: { enabled: 0, disabled: 0 },
    columns: { enabled: 0, disabled: 0 },
    hashed: 0,
  };
  const found: Record<keyof SelectionNames, WantedItem[]> = {
    tables: [],
    locked: [],
    hashed: [],
    excluded: [],
  };
  for (const schema of schemas) {
    counts.schemas[stateOf(schema)]++;
    if (!schema.to.enabled) counts.tables.disabled += schema.inner.length;
    for (const table of schema.to.enabled ? schema.inner : []) {
      counts.tables[stateOf(table)]++;
      if (!table.to.enabled) continue;
      found[table.isForced ? 'locked' : 'tables'].push(table);
      for (const column of table.inner) {
        counts.columns[stateOf(column)]++;
        if (!column.to.enabled) found.excluded.push(column);
        else if (column.to.hashed) found.hashed.push(column);
      }
    }
  }
  counts.hashed = found.hashed.length;
  const { tables, locked, hashed, excluded } = found;
  const isShort = Object.values(found).every(({ length }) => length <= maxNames);
  if (!isShort) return counts;
  const named = (items: WantedItem[]) => items.map(({ path }) => pathAsWritten(path, selection));
  const names = {
    tables: named(tables),
    locked: named(locked),
    hashed: named(hashed),
    excluded: named(excluded),
  };
  return { ...counts, names };
}

const stateOf = ({ to }: WantedItem): 'enabled' | 'disabled' =>
  to.enabled ? 'enabled' : 'disabled';
