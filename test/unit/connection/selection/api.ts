import { type Context, initialState } from '../../../../src/connection/state.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import { OutcomeUnknownError, RefusedError } from '../../../../src/fivetran/http/errors.ts';
import { type Connection, readConnection } from '../../../../src/fivetran/responses/connection.ts';
import type { ColumnNode, SchemaTree } from '../../../../src/fivetran/responses/schema-tree.ts';
import type { ExcludeMode, TableName } from '../../../../src/fivetran/schema-endpoints.ts';
import type { PresentSpec, SchemaSelection, SelectedColumn } from '../../../../src/inputs/spec.ts';
import { virtualClock } from '../../../harness/virtual-clock.ts';

/** A column of the source, and whether its settings were ever set at Fivetran. */
type Column = ColumnNode & { isSet: boolean };
type Table = { enabled: boolean; sync_mode: string; locked: boolean; columns: Map<string, Column> };
type Schema = { enabled: boolean; locked: boolean; tables: Map<string, Table> };

/** The tables of a source by schema, with their columns; a name that ends in `!` is locked. */
export type Source = Record<string, Record<string, string[]>>;

/** What one request meets instead of its usual answer. */
type Fault = 'unsent effect' | 'lost answer' | 'refused' | 'conflict' | 'invalid';

/** A stand-in for Fivetran's schema endpoints, as strict as they are, with one connection. */
export function schemaApi(source: Source) {
  const api = {
    /** The requests so far: `PATCH`, `RELOAD EXCLUDE`, `GET`, `POST`, `COLUMNS public.users`. */
    requests: [] as string[],
    /** The bodies of the patches and posts so far. */
    bodies: [] as Record<string, unknown>[],
    /** Faults by the number of the request that meets them, from 1. */
    faults: new Map<number, Fault>(),
    /** Called before each request is processed. */
    before: (_request: string): void => {},
    isCaptured: false,
    canReload: true,
    canListColumns: true,
    policy: 'ALLOW_ALL',
    /** Whether the service refuses every request that names a policy. */
    refusesPolicies: false,
    schemas: new Map<string, Schema>(),
    /** What the source has and Fivetran has not read yet. */
    source,
    capture(isEnabled: boolean): void {
      for (const [schemaName, tables] of Object.entries(api.source)) {
        const schema = upsert(api.schemas, schemaName, () => ({
          enabled: isEnabled || isLocked(schemaName),
          locked: isLocked(schemaName),
          tables: new Map(),
        }));
        for (const [tableName, columns] of Object.entries(tables)) {
          const table: Table = upsert(schema.tables, tableName, () => ({
            enabled: isEnabled || isLocked(tableName),
            locked: isLocked(tableName),
            sync_mode: 'SOFT_DELETE',
            columns: new Map(),
          }));
          for (const name of columns) upsert(table.columns, name, () => column(name));
        }
      }
      api.isCaptured = true;
    },
    /** What syncs: `public.users.email` for each column, with `#` when it is hashed. */
    syncing(): string[] {
      const columns = [...api.schemas].flatMap(([s, schema]) =>
        [...schema.tables].flatMap(([t, table]) =>
          [...table.columns].flatMap(([c, { enabled, hashed }]) =>
            schema.enabled && table.enabled && enabled
              ? [`${s}.${t}.${c}${hashed ? '#' : ''}`]
              : [],
          ),
        ),
      );
      return columns.sort();
    },
  };

  async function request<T>(name: string, process: () => T): Promise<T> {
    api.requests.push(name);
    api.before(name);
    const fault = api.faults.get(api.requests.length);
    if (fault === 'refused') throw refusal(403, 'Forbidden');
    if (fault === 'invalid') throw refusal(400, 'InvalidInput');
    if (fault === 'conflict') throw refusal(409, 'Conflict');
    if (fault === 'unsent effect') throw unanswered('Could not reach Fivetran.');
    const answer = process();
    if (fault === 'lost answer') throw unanswered('The connection was reset.');
    return answer;
  }

  const tree = (): SchemaTree => ({
    schema_change_handling: api.policy,
    schemas: mapped(api.schemas, ({ tables, ...schema }) => ({
      ...schema,
      tables: mapped(tables, ({ columns, ...table }) => ({
        ...table,
        supports_columns_config: true,
        columns: mapped(new Map([...columns].filter(([, { isSet }]) => isSet)), columnNode),
      })),
    })),
  });

  /** Merges a body; names that are not there are created when `isCreate`, else refused. */
  function merge(body: SchemaSelection, isCreate: boolean): void {
    if (Object.keys(body).length === 0) throw refusal(400, 'InvalidInput');
    if (body.schema_change_handling && api.refusesPolicies) throw refusal(400, 'InvalidInput');
    if (body.schema_change_handling) api.policy = body.schema_change_handling;
    for (const [s, { enabled, tables = {} }] of Object.entries(body.schemas ?? {})) {
      const schema = at(
        api.schemas,
        s,
        isCreate,
        (): Schema => ({
          enabled,
          locked: false,
          tables: new Map(),
        }),
      );
      set(schema, enabled);
      for (const [t, { enabled, sync_mode, columns = {} }] of Object.entries(tables)) {
        const table = at(
          schema.tables,
          t,
          isCreate,
          (): Table => ({
            enabled,
            sync_mode: 'SOFT_DELETE',
            locked: false,
            columns: new Map(),
          }),
        );
        set(table, enabled);
        if (sync_mode) table.sync_mode = sync_mode;
        for (const [c, { enabled, hashed, is_primary_key }] of Object.entries(columns)) {
          const found = at(table.columns, c, isCreate, () => column(c));
          set(found, enabled);
          found.hashed = hashed ?? found.hashed;
          found.is_primary_key = is_primary_key ?? found.is_primary_key;
          found.isSet = true;
        }
      }
    }
  }

  const client = {
    schemas: () => request('GET', () => (api.isCaptured ? tree() : undefined)),
    reloadSchemas: (_: string, mode: ExcludeMode) =>
      request(`RELOAD ${mode}`, () => {
        if (!api.canReload) throw refusal(400, 'NotSupported_SchemaReload');
        api.capture(mode !== 'EXCLUDE');
        return tree();
      }),
    createSchemas: (_: string, body: object) =>
      request('POST', () => {
        const sent = JSON.parse(JSON.stringify(body));
        api.bodies.push(sent);
        if (api.isCaptured) throw refusal(400, 'AlreadyExists_SchemaConfig');
        merge(sent, true);
        api.isCaptured = true;
        return { schema_change_handling: api.policy };
      }),
    patchSchemas: (_: string, body: object) =>
      request('PATCH', () => {
        const sent = JSON.parse(JSON.stringify(body));
        api.bodies.push(sent);
        merge(sent, false);
        return true as const;
      }),
    columns: (_: string, { schema, table }: TableName) =>
      request(`COLUMNS ${schema}.${table}`, () => {
        if (!api.canListColumns) throw refusal(400, 'NotSupported_ColumnList');
        const found = api.schemas.get(schema)?.tables.get(table);
        if (!found) throw refusal(404, 'NotFound_Table');
        return mapped(found.columns, columnNode);
      }),
  };
  return { ...{ api }, fivetran: client as unknown as FivetranClient };
}

export type SchemaApi = ReturnType<typeof schemaApi>['api'];

/** A context for one connection, with a recorded log and a clock that does not wait. */
export function contextOf(
  fivetran: FivetranClient,
  spec: PresentSpec,
  connection: Partial<Omit<Connection, 'status'>> & { status?: Partial<Connection['status']> } = {},
): { context: Context; lines: string[]; sleeps: readonly number[] } {
  const lines: string[] = [];
  const clock = virtualClock();
  const state = initialState(spec);
  state.result = 'created';
  state.connection = readConnection({
    id: 'shop',
    paused: true,
    ...connection,
    status: { setup_state: 'connected', ...connection.status },
  });
  const log = (line: string): void => void lines.push(line);
  const context: Context = {
    ...{ fivetran, state, clock, log, warn: log },
    ...{ logTests: () => {}, receive: () => {}, waiting: new Set<string>() },
  };
  return { context, lines, sleeps: clock.sleeps };
}

/** A spec with a selection; of each table, `false` is disabled and columns are as written. */
export function specOf(
  schema_change_handling: SchemaSelection['schema_change_handling'],
  schemas: Record<string, Record<string, TableGiven> | undefined>,
  if_exists: PresentSpec['if_exists'] = 'fail',
): PresentSpec {
  const selection: SchemaSelection = {
    schema_change_handling,
    schemas: mapObject(schemas, (tables) => ({
      enabled: true,
      tables:
        tables &&
        mapObject(tables, ({ enabled = true, sync_mode, columns }) => ({
          enabled,
          sync_mode,
          columns:
            columns && mapObject(columns, ({ enabled = true, ...more }) => ({ enabled, ...more })),
        })),
    })),
  };
  return {
    state: 'present',
    group_id: 'g',
    service: 'postgres',
    selection,
    if_exists,
    request: { paused: true },
  } as unknown as PresentSpec;
}
type TableGiven = {
  enabled?: boolean;
  sync_mode?: 'SOFT_DELETE' | 'HISTORY' | 'LIVE';
  columns?: Record<string, Partial<SelectedColumn>>;
};

const isLocked = (name: string): boolean => name.endsWith('!');

const column = (name: string): Column => ({
  enabled: true,
  hashed: false,
  is_primary_key: isLocked(name),
  locked: isLocked(name),
  isSet: false,
});

const columnNode = ({ isSet, ...node }: Column): ColumnNode => node;

const refusal = (status: number, code: string): RefusedError =>
  new RefusedError({
    purpose: 'update the schemas of connection shop',
    status,
    code,
    reason: 'No',
    conflictHint: 'Check it.',
  });

const unanswered = (message: string): OutcomeUnknownError =>
  new OutcomeUnknownError({ message, shortReason: 'no answer' });

function set(item: { enabled: boolean; locked: boolean }, enabled: unknown): void {
  if (typeof enabled !== 'boolean') throw refusal(400, 'InvalidInput');
  if (item.locked && enabled !== item.enabled) throw refusal(400, 'InvalidInput');
  item.enabled = enabled;
}

function at<T>(items: Map<string, T>, name: string, isCreate: boolean, make: () => T): T {
  if (!isCreate && !items.has(name)) throw refusal(404, 'NotFound_Item');
  return upsert(items, name, make);
}

function upsert<T>(items: Map<string, T>, name: string, make: () => T): T {
  const item = items.get(name) ?? make();
  items.set(name, item);
  return item;
}

const mapped = <T, R>(items: Map<string, T>, map: (item: T) => R): Record<string, R> =>
  Object.fromEntries([...items].map(([name, item]) => [name, map(item)]));

const mapObject = <T, R>(items: Record<string, T>, map: (item: T) => R): Record<string, R> =>
  mapped(new Map(Object.entries(items)), map);
