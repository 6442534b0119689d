import type { Fault } from '../sandbox/faults.mjs';

/** The requests that a fault can befall, by their short names. */
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
} as const;

export type EndpointName = keyof typeof endpoints;

/** How a request goes wrong, whichever it is. */
export type Break = Omit<Fault, 'method' | 'path'>;

/** The fault, on the requests of this name. */
export const on = (request: EndpointName, fault: Break): Fault => ({
  ...endpoints[request],
  ...fault,
});

/** A create that is processed, and whose answer is lost. */
export const LOST_CREATE = on('create', { kind: 'reset', when: 'after' });

/** A create that gets lost before it is processed. */
export const UNPROCESSED_CREATE = on('create', { kind: 'reset', when: 'before' });

/** A look-up that finds nothing, whatever there is. */
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
