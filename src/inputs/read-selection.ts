import type * as z from 'zod/mini';
import { isMapping, type Mapping } from '../text/mapping.ts';
import { checkField, typed } from './fields/check-field.ts';
import { mappingRule } from './fields/checks.ts';
import {
  columnFields,
  readOnlyFields,
  schemaFields,
  tableFields,
} from './fields/selection-fields.ts';
import type { Notices } from './notices.ts';
import { type Environment, inText, noneReplaced, type Replaced } from './parse/substitute.ts';
import { invalid, kindOf, type Path, type Problem, unknownField } from './problem.ts';
import type { SelectedItem, SelectedItems } from './selection.ts';

type Level = { fields: z.core.$ZodShape; inner?: [field: string, level: Level] };

const columns: Level = { fields: columnFields };
const tables: Level = { fields: tableFields, inner: ['columns', columns] };
const schemas: Level = { fields: schemaFields, inner: ['tables', tables] };

/**
 * Validates `schemas`. Names can contain `${NAME}`; messages show them as written. An item of `GET
 * …/schemas` is read like a written one: its read-only fields are left out.
 *
 * @param value the value after substitution, which leaves keys unchanged; `given` tells what it
 * replaced
 */
export function readSelection(
  value: unknown,
  path: Path,
  source: Environment & { given: Replaced; notices: Notices },
): { items: SelectedItems; problems: Problem[] } {
  const replaced = noneReplaced();
  const { problems } = replaced;

  function level(kind: Level, value: unknown, path: Path): SelectedItems {
    const items: SelectedItems = new Map();
    if (!isMapping(value)) {
      problems.push(invalid(path, mappingRule, kindOf(value)));
      return items;
    }
    for (const [written, node] of Object.entries(value)) {
      const at = [...path, written];
      const name = inText(written, at, { ...source, replaced });
      // The parser has reported a key that was written empty.
      if (name === '' && written !== '') problems.push({ path: at, message: 'empty name.' });
      if (items.has(name)) problems.push({ path: at, message: repeatedName });
      items.set(name, { written, ...item(kind, node ?? {}, at) });
    }
    return items;
  }

  function item(kind: Level, value: unknown, path: Path): Omit<SelectedItem, 'written'> {
    if (!isMapping(value)) {
      problems.push(invalid(path, mappingRule, kindOf(value)));
      return { fields: {} };
    }
    const readOnly = Object.keys(value).filter((field) => readOnlyFields.includes(field));
    source.notices.readOnly(readOnly);
    const isResponse = readOnly.length > 0;
    const fields: Mapping = {};
    let inner: SelectedItems | undefined;
    for (const [field, given] of Object.entries(value)) {
      const at = [...path, field];
      if (given === null || field === '' || readOnly.includes(field)) continue;
      if (field === kind.inner?.[0]) {
        const isEmpty = isMapping(given) && Object.keys(given).length === 0;
        if (isResponse && (isEmpty || value.enabled === false)) continue;
        inner = level(kind.inner[1], given, at);
        // An empty mapping could mean all or none.
        if (isEmpty) {
          const message = `must not be empty. Leave it out to sync all ${field}, or set enabled: false one level up.`;
          problems.push({ path: at, message });
        }
      } else {
        const check = kind.fields[field];
        if (!check || !Object.hasOwn(kind.fields, field)) {
          problems.push(unknownField(at, Object.keys(kind.fields)));
          continue;
        }
        fields[field] = typed(check, given);
        problems.push(...checkField({ check, value: fields[field], path: at }, source.given));
      }
    }
    if (kind === schemas && fields.enabled === false && inner?.size) {
      const message = 'tables cannot be listed under a schema with enabled: false.';
      problems.push({ path: [...path, 'tables'], message });
    }
    return { fields, inner };
  }

  if (isMapping(value) && isMapping(value.schemas) && 'schema_change_handling' in value) {
    const message =
      "holds Fivetran's whole response. Set schemas to the mapping under its schemas, and schema_change_handling beside it.";
    return { items: new Map(), problems: [{ path, message }] };
  }
  return { items: level(schemas, value, path), problems };
}

const repeatedName = 'has the same name as another item once ${NAME} is replaced.';
