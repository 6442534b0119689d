import type { Fault } from '../sandbox/faults.mjs';

/** The requests that can have faults, by short name. */
const endpoints = {
  create: { method: 'POST', path: '/v1/connections' },
  'look up': { method: 'GET', path: '/v1/connections' },
  read: { method: 'GET', path: '/v1/connections/{id}' },
  patch: { method: 'PATCH', path: '/v1/connections/{id}' },
  delete: { method: 'DELETE', path: '/v1/connections/{id}' },
  test: { method: 'POST', path: '/v1/connections/{id}/test' },
  sync: { method: 'POST', path: '/v1/connections/{id}/sync' },
  'approve key': { method: 'POST', path: '/v1/connections/{id}/fingerprints' },
  'approve certificate': { method: 'POST', path: '/v1/connections/{id}/certificates' },
  'connect card': { method: 'POST', path: '/v1/connections/{id}/connect-card' },
  'read schemas': { method: 'GET', path: '/v1/connections/{id}/schemas' },
  'set schemas': { method: 'POST', path: '/v1/connections/{id}/schemas' },
  'patch schemas': { method: 'PATCH', path: '/v1/connections/{id}/schemas' },
  'reload schemas': { method: 'POST', path: '/v1/connections/{id}/schemas/reload' },
  'list columns': {
    method: 'GET',
    path: '/v1/connections/{id}/schemas/{schema}/tables/{table}/columns',
  },
} as const;

export type EndpointName = keyof typeof endpoints;

/** A fault, without the request that it applies to. */
export type Break = Omit<Fault, 'method' | 'path'>;

/** Applies the fault to the requests with this name. */
export const on = (request: EndpointName, fault: Break): Fault => ({
  ...endpoints[request],
  ...fault,
});

/** Every answer to a read of this path has this data. */
export const answering = (path: string, data: object): Fault => ({
  ...{ method: 'GET', path, nth: 'all', kind: 'status', status: 200 },
  body: { code: 'Success', data },
});

/** A create that is processed but whose answer is lost. */
export const LOST_CREATE = on('create', { kind: 'reset', when: 'after' });

/** A create that is lost before it is processed. */
export const UNPROCESSED_CREATE = on('create', { kind: 'reset', when: 'before' });

/** A look-up that never finds anything. */
export const BLIND_LOOK_UP = on('look up', {
  kind: 'status',
  status: 200,
  body: { code: 'Success', data: { items: [] } },
});

/** An answer to the create that no scenario gives; the sandbox stores the connection as usual. */
export const answeringCreate = (data: object): { faults: Fault[] } => ({
  faults: [
    on('create', {
      kind: 'status',
      status: 201,
      when: 'after',
      body: { code: 'Success', data: { id: 'open_mosaic', ...data } },
    }),
  ],
});
