const CREATE = { method: 'POST', path: '/v1/connections' };
const LIST = { method: 'GET', path: '/v1/connections' };
const TEST = { method: 'POST', path: '/v1/connections/{id}/test' };

/**
 * Faults on the way to one connection: a rate limit, a lost answer to the create, a look-up that
 * fails twice, and setup tests that fail to start twice.
 * @type {import('../../sandbox/faults.mjs').Fault[]}
 */
export const storm = [
  { ...CREATE, kind: 'rate-limit', headers: { 'Retry-After': '1' } },
  { ...CREATE, nth: 2, kind: 'reset', when: 'after' },
  { ...LIST, nth: 1, kind: 'status', status: 503 },
  { ...LIST, nth: 2, kind: 'cut' },
  { ...TEST, nth: 1, kind: 'html', status: 502 },
  { ...TEST, nth: 2, kind: 'rate-limit', headers: { 'Retry-After': '2' } },
];
