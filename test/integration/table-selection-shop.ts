import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import type { Selection } from '../sandbox/api/schemas/selection.mjs';
import type { StoredConnection } from '../sandbox/api/state.mjs';
import type { Sandbox, SandboxOptions, Seed } from '../sandbox/sandbox.mjs';
import { tableOf } from '../sandbox/source-trees.mjs';

export const source = {
  public: {
    orders: tableOf('total currency'),
    users: tableOf('email notes phone'),
    logs: tableOf('line'),
  },
  audit: { events: tableOf('what') },
};

export const shop = {
  service: 'postgres',
  config: {
    schema_prefix: 'shop',
    host: 'db.example.com',
    port: 5432,
    database: 'shop',
    user: 'fivetran',
  },
  if_exists: 'update',
  schema_change_handling: 'ALLOW_COLUMNS',
  schemas: {
    public: {
      tables: {
        orders: {},
        users: { columns: { email: { hashed: true }, notes: { enabled: false } } },
      },
    },
  },
};

/** Everything that may ever sync. */
export const wanted: Selection = {
  'public.orders': { columns: ['id', 'total', 'currency'], hashed: [] },
  'public.users': { columns: ['id', 'email', 'phone'], hashed: ['email'] },
};

/** A sandbox that starts the first sync of a connection as soon as it can, as Fivetran does. */
export const open = (options: SandboxOptions = {}) =>
  openSandbox({ sourceTree: { postgres: source }, initialSync: 'automatic', ...options });

/** A sandbox in which the connection exists, paused and connected; its schema was never read. */
export const openUnread = (seed: Seed = {}, options: SandboxOptions = {}) => {
  const { service, config } = shop;
  const given = { id: 'shop', service, config, destination_schema_names: 'FIVETRAN_NAMING' };
  const connections = [{ ...given, paused: true, ...seed }];
  return openSandbox({ sourceTree: { postgres: source }, connections, ...options });
};

/** The same with all tables enabled, or with the selection of the seed. */
export const openExisting = (seed: Seed = {}, options: SandboxOptions = {}) =>
  openUnread({ reload: 'PRESERVE', ...seed }, options);

/** What Fivetran stores once the selection of the shop is applied. */
export const selected: NonNullable<Seed['selection']> = {
  schema_change_handling: 'ALLOW_COLUMNS',
  schemas: {
    public: {
      enabled: true,
      tables: {
        users: { columns: { email: { hashed: true }, notes: { enabled: false } } },
        logs: { enabled: false },
      },
    },
    audit: { enabled: false },
  },
};

/** What is different about a connection that has synced. */
export const synced = { succeeded_at: '2026-01-01T00:00:00.000000Z' };

/** The only connection, as the sandbox stores it. */
export function storedIn({ state }: Pick<Sandbox, 'state'>): StoredConnection {
  const [stored] = state.connections.values();
  if (!stored) throw new Error('The sandbox has no connection.');
  return stored;
}

/** A table's settings in Fivetran, to change them as another client does. */
export function tableIn(sandbox: Pick<Sandbox, 'state'>, name: string) {
  const table = storedIn(sandbox).schemaConfig?.schemas.public?.tables[name];
  if (!table) throw new Error(`The schema has no table ${name}.`);
  return table;
}

/** Runs the step with a selection of any kind. */
export const runAny = (sandbox: Sandbox, inputs: object = {}, world: VirtualWorld = {}) =>
  runStep({ inputs: { ...shop, ...inputs } }, { sandbox, ...world });

/** Runs the step, and checks that nothing else has synced or is about to. */
export async function run(sandbox: Sandbox, inputs: object = {}, world: VirtualWorld = {}) {
  const step = await runAny(sandbox, inputs, world);
  for (const { id, syncs, settings } of sandbox.state.connections.values()) {
    for (const { selection } of syncs) expect(selection).toEqual(wanted);
    if (settings.paused !== true) expect(sandbox.selection(id)).toEqual(wanted);
  }
  expect(step.ids.length).toBeLessThanOrEqual(1);
  return step;
}

/** The input that selects tables of the schema `public`. */
export const tables = <T extends object>(given: T) => ({ schemas: { public: { tables: given } } });

export const paused = { paused: true };

export const refused = { kind: 'status', status: 403 } as const;

/** The source with one more table, which Fivetran always syncs. */
export const withLockedTable = (name: string) => {
  const locked = { enabled: true, reason_code: 'SYSTEM_TABLE', reason: 'The sync requires it' };
  const schema = { ...source.public, [name]: tableOf('version', { locked }) };
  return { sourceTree: { postgres: { ...source, public: schema } } };
};

export const isPaused = ({ connections: [connection] }: Sandbox): unknown => connection?.paused;
