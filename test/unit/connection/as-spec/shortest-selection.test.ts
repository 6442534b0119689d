import {
  shortestSelection,
  tablesToList,
} from '../../../../src/connection/as-spec/shortest-selection.ts';
import { readSchemas } from '../../../../src/fivetran/responses/schema-tree.ts';
import type { SelectedItems } from '../../../../src/inputs/selection.ts';
import type { SchemaChangeHandling } from '../../../../src/inputs/spec.ts';

function treeOf(schemas: object) {
  const tree = readSchemas({ schemas });
  if (!tree) throw new Error('the tree of a test is not readable');
  return tree;
}

/** A selection as plain data, with the items of each level in `inner`. */
const plain = (items: SelectedItems | undefined): unknown =>
  items &&
  Object.fromEntries(
    [...items].map(([name, { fields, inner }]) => [
      name,
      { ...fields, ...(inner && { inner: plain(inner) }) },
    ]),
  );

const locked = { enabled_patch_settings: { allowed: false } };
const off = { enabled: false };
const special = { columns: { x: { hashed: true } } };

/** The selection of one schema with these tables. */
const selected = (tables: object, policy: SchemaChangeHandling) =>
  plain(shortestSelection(treeOf({ s: { tables } }), policy));

test.each<[string, object, unknown]>([
  ['all', { t: {} }, undefined],
  ['all but what cannot be chosen', { t: { ...off, ...locked }, u: {} }, undefined],
  ['all but a table', { t: off, u: {} }, { t: { enabled: false } }],
  ['the usual mode', { t: { sync_mode: 'SOFT_DELETE' } }, undefined],
  ['another mode', { t: { sync_mode: 'HISTORY' } }, { t: { sync_mode: 'HISTORY' } }],
  ['a mode that no request takes', { t: { sync_mode: 'ODD' } }, undefined],
  [
    'columns that cannot be chosen',
    { t: { ...special, supports_columns_config: false } },
    undefined,
  ],
  [
    "the source's own key",
    { t: { columns: { x: { is_primary_key: true, ...locked } } } },
    undefined,
  ],
  [
    'a chosen key',
    { t: { columns: { x: { is_primary_key: true } } } },
    { t: { inner: { x: { is_primary_key: true } } } },
  ],
])('under ALLOW_ALL, %s', (_what, tables, inner) => {
  expect(selected(tables, 'ALLOW_ALL')).toEqual(inner && { s: { inner } });
});

test.each<[string, object, object | undefined]>([
  ['all', { t: {} }, undefined],
  ['all but what cannot be chosen', { t: {}, u: { ...off, ...locked } }, undefined],
  ['some tables', { t: locked, u: {}, v: off }, { u: {} }],
  ['a table that cannot be chosen', { t: off, u: locked }, { u: {} }],
  [
    'some columns',
    {
      t: {
        columns: {
          a: locked,
          b: {},
          c: off,
          id: { ...off, is_primary_key: true },
          d: special.columns.x,
        },
      },
    },
    { t: { inner: { b: {}, id: { enabled: false, is_primary_key: true }, d: { hashed: true } } } },
  ],
  [
    'a column that cannot be chosen',
    { t: { columns: { a: off, b: locked } } },
    { t: { inner: { b: {} } } },
  ],
])('under BLOCK_ALL, %s', (_what, tables, inner) => {
  expect(selected(tables, 'BLOCK_ALL')).toEqual({ s: inner ? { inner } : {} });
});

test('under ALLOW_ALL, a schema that is off is named unless it cannot be chosen', () => {
  const tree = treeOf({ a: off, b: { ...off, ...locked } });
  expect(plain(shortestSelection(tree, 'ALLOW_ALL'))).toEqual({ a: { enabled: false } });
});

test('under BLOCK_ALL, columns are listed for tables that sync and have columns with settings', () => {
  const tables = {
    t: special,
    plain: {},
    off: { ...off, ...special },
    fixed: { ...special, supports_columns_config: false },
  };
  const tree = treeOf({ s: { tables }, off: { ...off, tables } });
  expect(tablesToList(tree, 'BLOCK_ALL')).toEqual([['s', 't']]);
  expect(tablesToList(tree, 'ALLOW_COLUMNS')).toEqual([]);
});
