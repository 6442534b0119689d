import { completeSelection } from '../../../../src/connection/selection/complete.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { contextOf, type SchemaApi, schemaApi, specOf } from './api.ts';

export const shop = {
  public: {
    orders: ['id!', 'amount'],
    users: ['id!', 'email', 'notes', 'phone'],
    logs: ['id!', 'line'],
    'journal!': ['id!'],
  },
  audit: { events: ['id!', 'what'] },
};

/** Two of the shop's tables: one whole, one with a hashed and a disabled column. */
export const wanted = (if_exists: PresentSpec['if_exists'] = 'fail') =>
  specOf(
    'ALLOW_COLUMNS',
    {
      public: {
        orders: {},
        users: { columns: { email: { hashed: true }, notes: { enabled: false } } },
      },
    },
    if_exists,
  );
export const wantedSyncing = [
  'public.journal!.id!',
  'public.orders.amount',
  'public.orders.id!',
  'public.users.email#',
  'public.users.id!',
  'public.users.phone',
];

/** Applies a selection to a connection that was just created, unless said otherwise. */
export async function apply(
  spec: PresentSpec,
  prepare: (api: SchemaApi) => void = () => {},
  connection: Parameters<typeof contextOf>[2] = {},
) {
  const { api, fivetran } = schemaApi(shop);
  prepare(api);
  return run(spec, { api, fivetran }, connection);
}

export async function run(
  spec: PresentSpec,
  { api, fivetran }: ReturnType<typeof schemaApi>,
  connection: Parameters<typeof contextOf>[2] = {},
) {
  const { context, ...seen } = contextOf(fivetran, spec, connection);
  if (spec.if_exists !== 'fail') context.state.result = 'reused';
  const begin = api.requests.length;
  const given = context.state.connection;
  if (!given) throw new Error('There is no connection.');
  const error = await completeSelection(given, spec, context).then(
    () => undefined,
    ({ message }: Error) => {
      const { pausedBecause } = context.state;
      return pausedBecause
        ? `Connection shop stays paused, because ${pausedBecause}: ${message}`
        : message;
    },
  );
  const requests = api.requests.slice(begin);
  return { ...seen, error, requests, api, fivetran, state: context.state };
}

export const captured = (api: SchemaApi): void => api.capture(true);
export const synced = {
  succeeded_at: '2026-01-01T00:00:00Z',
  status: { is_historical_sync: false },
};
