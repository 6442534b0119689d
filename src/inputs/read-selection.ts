import type * as z from 'zod/mini';
import { isMapping } from '../text/mapping.ts';
import { checkField, typed } from './fields/check-field.ts';
import { mappingRule } from './fields/checks.ts';
import { kindOf } from './fields/display.ts';
import { columnFields, schemaFields, tableFields } from './fields/fields.ts';
import { inText, type Substituted } from './parse/substitute.ts';
import { invalid, type Path, type Problem, unknownField } from './problem.ts';
import type { SelectedItem, SelectedItems } from './selection.ts';

type Level = { fields: z.core.$ZodShape; inner?: [field: string, level: Level] };

const columns: Level = { fields: columnFields };
const tables: Level = { fields: tableFields, inner: ['columns', columns] };
const schemas: Level = { fields: schemaFields, inner: ['tables', tables] };

/** What reading names needs: the environment, and how many characters references can still add. */
export type NameSource = { env: NodeJS.ProcessEnv; budget: { left: number } };

/**
 * Validates `schemas`. Names can contain `${NAME}`; messages show them as written.
 *
 * @param given the value after substitution, which leaves keys unchanged
 */
export function readSelection(
  value: unknown,
  path: Path,
  given: Substituted,
  source: NameSource,
): { items: SelectedItems; problems: Problem[] } {
  const found: Omit<Substituted, 'value'> = { uses: [], unresolved: [], problems: [] };

  function level(kind: Level, value: unknown, path: Path): SelectedItems {
    const items: SelectedItems = new Map();
    if (!isMapping(value)) {
      found.problems.push(invalid(path, mappingRule, kindOf(value)));
      return items;
    }
    for (const [written, node] of Object.entries(value)) {
      const at = [...path, written];
      const name = inText(written, at, source.env, source.budget, found);
      // The parser has reported a key that was written empty.
      if (name === '' && written !== '') found.problems.push({ path: at, message: 'empty name.' });
      if (items.has(name)) found.problems.push({ path: at, message: sameName });
      items.set(name, item(kind, written, node ?? {}, at));
    }
    return items;
  }

  function item(kind: Level, written: string, value: unknown, path: Path): SelectedItem {
    const item: SelectedItem = { written, fields: {} };
    if (!isMapping(value)) {
      found.problems.push(invalid(path, mappingRule, kindOf(value)));
      return item;
    }
    for (const [field, inner] of Object.entries(value)) {
      const at = [...path, field];
      if (inner === null || field === '') continue;
      if (field === kind.inner?.[0]) {
        item.inner = level(kind.inner[1], inner, at);
        // An empty mapping could mean all or none.
        if (isMapping(inner) && item.inner.size === 0) {
          const message = `must not be empty. Leave it out to sync all ${field}, or set enabled: false one level up.`;
          found.problems.push({ path: at, message });
        }
      } else if (!Object.hasOwn(kind.fields, field)) {
        found.problems.push(unknownField(at, Object.keys(kind.fields)));
      } else {
        const check = kind.fields[field] as z.core.$ZodType;
        const read = typeof inner === 'string' ? typed(check, inner) : inner;
        found.problems.push(...checkField(check, read, at, given));
        Object.assign(item.fields, { [field]: read });
      }
    }
    if (kind === schemas && item.fields.enabled === false && item.inner?.size) {
      const message = 'tables cannot be listed under a schema with enabled: false.';
      found.problems.push({ path: [...path, 'tables'], message });
    }
    return item;
  }

  return { items: level(schemas, value, path), problems: found.problems };
}

const sameName = 'has the same name as another item once ${NAME} is replaced.';
