import type { Finding } from './finding.ts';
import type { Path } from './path.ts';
import type { Item, Items } from './schema-selection.ts';
import type { SchemaChangeHandling, SchemaChoice, SchemaSelection, TableChoice } from './spec.ts';

/** Lays one selection over another, by name at every level. */
export function mergeItems(below: Items | undefined, above: Items | undefined): Items | undefined {
  if (!below || !above) return above ?? below;
  const merged: Items = new Map(below);
  for (const [name, item] of above) {
    const under = below.get(name);
    merged.set(name, under ? mergeItem(under, item) : item);
  }
  return merged;
}

function mergeItem(below: Item, above: Item): Item {
  // Switching an item off drops what is listed in it, rather than contradict it.
  const inner =
    above.fields.enabled === false && !above.inner
      ? undefined
      : mergeItems(below.inner, above.inner);
  return { written: above.written, fields: { ...below.fields, ...above.fields }, inner };
}

/** The rules between a policy and what is listed under it. */
export function selectionFindings(
  policy: SchemaChangeHandling | undefined,
  schemas: Items | undefined,
): Finding[] {
  if (!schemas && policy === undefined) return [];
  if (policy === undefined) {
    const message =
      'required with schemas. Set it to ALLOW_ALL, ALLOW_COLUMNS or BLOCK_ALL: it decides about what is not listed.';
    return [{ path: ['schema_change_handling'], message }];
  }
  const items = [...(schemas?.values() ?? [])];
  const findings = items
    .filter(({ fields, inner }) => fields.enabled === false && inner && inner.size > 0)
    .map(({ written }): Finding => {
      const path: Path = ['schemas', written, 'tables'];
      return { path, message: 'tables cannot be listed under a schema with enabled: false.' };
    });
  if (policy !== 'ALLOW_ALL' && !items.some(syncsSomething)) {
    const message = `nothing would sync: ${policy} needs at least one enabled schema or table in schemas.`;
    findings.push({ path: ['schemas'], message });
  }
  return findings;
}

const syncsSomething = ({ fields, inner }: Item): boolean =>
  isEnabled(fields) && (!inner || [...inner.values()].some((table) => isEnabled(table.fields)));

/** An item that is listed is enabled, unless it says otherwise. */
const isEnabled = ({ enabled = true }: Item['fields']): boolean => enabled;

/** The selection with everything decided; undefined when none is wanted. */
export function toSelection(
  policy: SchemaChangeHandling | undefined,
  schemas: Items | undefined,
): SchemaSelection | undefined {
  if (policy === undefined) return undefined;
  return { schema_change_handling: policy, schemas: byName(schemas ?? new Map(), toSchema) };
}

const toSchema = ({ fields, inner }: Item): SchemaChoice => ({
  enabled: isEnabled(fields),
  tables: inner && byName(inner, toTable),
});

const toTable = ({ fields, inner }: Item): TableChoice => ({
  enabled: isEnabled(fields),
  sync_mode: fields.sync_mode,
  columns:
    inner &&
    byName(inner, (column) => ({
      enabled: isEnabled(column.fields),
      hashed: column.fields.hashed,
    })),
});

const byName = <T>(items: Items, convert: (item: Item) => T): Record<string, T> =>
  Object.fromEntries([...items].map(([name, item]) => [name, convert(item)]));
