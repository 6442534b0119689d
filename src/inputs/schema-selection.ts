import type * as z from 'zod/mini';
import { mappingRule } from './checks.ts';
import { checkField } from './field-check.ts';
import { type Finding, invalid, isMapping, kindOf, unknownField } from './finding.ts';
import type { Path } from './path.ts';
import { columnFields, schemaFields, tableFields } from './selection-fields.ts';
import { typed } from './source.ts';
import { inText, type Substituted } from './substitute.ts';

/** One level of `schemas`, by the items' names after substitution. */
export type Items = Map<string, Item>;

/** A schema, table or column as it is listed. */
export type Item = {
  /** Its name as it was written, for messages. */
  written: string;
  fields: { enabled?: boolean; hashed?: boolean; sync_mode?: 'SOFT_DELETE' | 'HISTORY' | 'LIVE' };
  /** The tables of a schema, or the columns of a table; undefined when it lists none. */
  inner?: Items | undefined;
};

type Level = { fields: z.core.$ZodShape; inner?: [field: string, level: Level] };

const columns: Level = { fields: columnFields };
const tables: Level = { fields: tableFields, inner: ['columns', columns] };
const schemas: Level = { fields: schemaFields, inner: ['tables', tables] };

/** What reading `schemas` takes beside its value. */
export type NameSource = { env: NodeJS.ProcessEnv; budget: { left: number } };

/**
 * Reads `schemas`. Names may hold `${NAME}`; messages show them as they were written.
 *
 * @param given the value after substitution; its keys are still as written
 */
export function readItems(
  value: unknown,
  path: Path,
  given: Substituted,
  source: NameSource,
): { items: Items; findings: Finding[] } {
  const found: Omit<Substituted, 'value'> = { uses: [], unresolved: [], findings: [] };

  function level(kind: Level, value: unknown, path: Path): Items {
    const items: Items = new Map();
    if (!isMapping(value)) {
      found.findings.push(invalid(path, mappingRule, kindOf(value)));
      return items;
    }
    for (const [written, node] of Object.entries(value)) {
      const at = [...path, written];
      const name = inText(written, at, source.env, source.budget, found);
      if (name === '') found.findings.push({ path: at, message: 'empty name.' });
      if (items.has(name)) found.findings.push({ path: at, message: sameName });
      items.set(name, item(kind, written, node ?? {}, at));
    }
    return items;
  }

  function item(kind: Level, written: string, value: unknown, path: Path): Item {
    const item: Item = { written, fields: {} };
    if (!isMapping(value)) {
      found.findings.push(invalid(path, mappingRule, kindOf(value)));
      return item;
    }
    for (const [field, inner] of Object.entries(value)) {
      const at = [...path, field];
      if (inner === null) continue;
      if (field === kind.inner?.[0]) {
        item.inner = level(kind.inner[1], inner, at);
        // An empty list could mean all or none.
        if (isMapping(inner) && item.inner.size === 0) {
          const message = `lists no ${field}. Leave it out to sync all of them, or set enabled: false one level up.`;
          found.findings.push({ path: at, message });
        }
      } else if (!Object.hasOwn(kind.fields, field)) {
        found.findings.push(unknownField(at, Object.keys(kind.fields)));
      } else {
        const check = kind.fields[field] as z.core.$ZodType;
        const read = typeof inner === 'string' ? typed(check, inner) : inner;
        found.findings.push(...checkField(check, read, at, given));
        Object.assign(item.fields, { [field]: read });
      }
    }
    return item;
  }

  return { items: level(schemas, value, path), findings: found.findings };
}

const sameName = 'becomes the same name as another one here, once ${NAME} is replaced.';
