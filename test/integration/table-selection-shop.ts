import { runStep, type VirtualWorld } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';
import type { Selection } from '../sandbox/api/schemas/selection.mjs';
import type { Sandbox } from '../sandbox/sandbox.mjs';
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
export const open = (options: Parameters<typeof openSandbox>[0] = {}) =>
  openSandbox({ sourceTree: { postgres: source }, initialSync: 'automatic', ...options });

/** Runs the step, and checks that nothing else has synced or is about to. */
export async function run(sandbox: Sandbox, inputs: object = {}, world: VirtualWorld = {}) {
  const step = await runStep({ inputs: { ...shop, ...inputs } }, { sandbox, ...world });
  for (const { id, syncs, settings } of sandbox.state.connections.values()) {
    for (const { selection } of syncs) expect(selection).toEqual(wanted);
    if (settings.paused !== true) expect(sandbox.selection(id)).toEqual(wanted);
  }
  expect(step.ids.length).toBeLessThanOrEqual(1);
  return step;
}

export const isPaused = ({ connections: [connection] }: Sandbox): unknown => connection?.paused;
