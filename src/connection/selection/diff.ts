import type { SchemaTree } from '../../fivetran/responses/schema-tree.ts';
import { pathAsWritten } from '../../inputs/selection.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { pick } from '../../text/mapping.ts';
import type { SelectionCounts } from '../results.ts';
import { countItems } from './counts.ts';
import { fieldBelow, type ItemPath } from './path.ts';
import { type ItemSettings, type WantedItem, wantedItems } from './wanted.ts';

/** The settings of an item, in the order in which their changes are told. */
const settings = ['enabled', 'sync_mode', 'hashed', 'is_primary_key'] as const;

/** One setting that differs. */
export type SelectionChange = {
  /** Names as the user wrote them, which hides those that came through `${NAME}`; empty: the policy. */
  path: ItemPath;
  field: 'schema_change_handling' | keyof ItemSettings;
  /** Undefined when it is not known. */
  from: unknown;
  to: unknown;
};

/** Items of a request's body by name. Fivetran requires `enabled` of each one. */
type ItemBodies = Record<string, { enabled: boolean } & Record<string, unknown>>;

/** The body of `PATCH …/schemas`. */
export type SelectionPatch = { schema_change_handling?: string; schemas?: ItemBodies };

export type SelectionDiff = {
  /** The differences and nothing else; undefined when there are none. */
  patch: SelectionPatch | undefined;
  /** What the patch does, in the order of the tree; the tables of a disabled schema go with it. */
  changes: SelectionChange[];
  /** The tables that start to sync with the patch, with the names as the user wrote them. */
  newTables: ItemPath[];
  /** The tree once the patch is applied. */
  counts: SelectionCounts;
  /** Why the selection cannot be applied to this tree; sentences. */
  problems: string[];
};

/** Compares a connection's tree with what the selection asks for. */
export function diffSelection(tree: SchemaTree, selection: SchemaSelection): SelectionDiff {
  const { items, problems } = wantedItems(tree, selection);
  const { schema_change_handling } = selection;
  const hasPolicy = tree.schema_change_handling === schema_change_handling;
  const schemas = bodiesOf(items);
  return {
    patch:
      hasPolicy && !schemas
        ? undefined
        : { ...(!hasPolicy && { schema_change_handling }), ...(schemas && { schemas }) },
    changes: [
      ...(hasPolicy ? [] : [policyChange(selection, tree.schema_change_handling)]),
      ...changesOf(items, selection),
    ],
    newTables: newTables(items).map((path) => pathAsWritten(path, selection)),
    counts: countItems(items, selection),
    problems,
  };
}

/** What a selection asks for, whatever the tree is; `body` is the one of `POST …/schemas`. */
export function requestedSelection(selection: SchemaSelection): {
  body: Required<SelectionPatch>;
  changes: SelectionChange[];
} {
  const items = Object.entries(selection.schemas).map(([schema, { tables = {}, ...to }]) =>
    requestedItem(
      [schema],
      to,
      Object.entries(tables).map(([table, { columns = {}, ...to }]) =>
        requestedItem(
          [schema, table],
          to,
          Object.entries(columns).map(([column, to]) =>
            requestedItem([schema, table, column], to, []),
          ),
        ),
      ),
    ),
  );
  const { schema_change_handling } = selection;
  return {
    body: { schema_change_handling, schemas: bodiesOf(items) ?? {} },
    changes: [policyChange(selection, undefined), ...changesOf(items, selection)],
  };
}

const requestedItem = (path: ItemPath, to: WantedItem['to'], inner: WantedItem[]): WantedItem => ({
  ...{ path, from: {}, to, inner },
  isForced: false,
});

const policyChange = (
  { schema_change_handling: to }: SchemaSelection,
  from: string | undefined,
): SelectionChange => ({ path: [], field: 'schema_change_handling', from, to });

const differing = ({ from, to }: WantedItem): (keyof ItemSettings)[] =>
  settings.filter((field) => from[field] !== to[field]);

const changesOf = (items: WantedItem[], selection: SchemaSelection): SelectionChange[] =>
  items.flatMap((item) => {
    const { path, from, to, inner } = item;
    const own = differing(item).map((field) => ({
      path: pathAsWritten(path, selection),
      field,
      from: from[field],
      to: to[field],
    }));
    const isDisabledSchema = path.length === 1 && !to.enabled;
    return isDisabledSchema ? own : [...own, ...changesOf(inner, selection)];
  });

/** The bodies of the items that differ, and of those that contain one; undefined when none does. */
function bodiesOf(items: WantedItem[]): ItemBodies | undefined {
  const bodies = items.flatMap((item): [string, ItemBodies[string]][] => {
    const { path, to, inner } = item;
    const own = differing(item);
    const below = bodiesOf(inner);
    if (own.length === 0 && !below) return [];
    const { enabled } = to;
    const body = { ...pick(to, own), enabled, ...(below && { [fieldBelow(path)]: below }) };
    return [[path.at(-1) ?? '', body]];
  });
  return bodies.length > 0 ? Object.fromEntries(bodies) : undefined;
}

const newTables = (schemas: WantedItem[]): ItemPath[] =>
  schemas.flatMap((schema) =>
    schema.inner
      .filter(({ from, to }) => {
        const syncs = schema.to.enabled && to.enabled;
        return syncs && !(schema.from.enabled && from.enabled);
      })
      .map(({ path }) => path),
  );
