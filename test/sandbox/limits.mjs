/**
 * The kinds of request that Fivetran limits. A create is also a request that runs setup tests,
 * which is also a source interaction; `requests` are all of them.
 * @typedef {'creates' | 'setupTests' | 'sourceInteractions' | 'requests'} LimitedKind
 */

/**
 * A rolling window: at most `count` requests of a kind within `seconds`.
 * @typedef {{ of: LimitedKind, count: number, seconds: number }} Window
 */

/** @typedef {'published' | 'trial' | Window[]} Limits windows, or those of a type of account */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @type {Window} */
const ALL_REQUESTS = { of: 'requests', count: 20_000, seconds: HOUR };

/** The limits that Fivetran publishes, by type of account. */
export const accountLimits = /** @satisfies {Record<string, Window[]>} */ ({
  published: [
    { of: 'creates', count: 20, seconds: MINUTE },
    { of: 'creates', count: 600, seconds: HOUR },
    { of: 'setupTests', count: 250, seconds: MINUTE },
    { of: 'setupTests', count: 2_500, seconds: HOUR },
    { of: 'sourceInteractions', count: 500, seconds: MINUTE },
    { of: 'sourceInteractions', count: 5_000, seconds: HOUR },
    ALL_REQUESTS,
  ],
  trial: [
    { of: 'creates', count: 1, seconds: MINUTE },
    { of: 'creates', count: 10, seconds: DAY },
    { of: 'setupTests', count: 50, seconds: HOUR },
    { of: 'sourceInteractions', count: 25, seconds: MINUTE },
    { of: 'sourceInteractions', count: 250, seconds: HOUR },
    { of: 'requests', count: 500, seconds: HOUR },
  ],
});

/**
 * The same limits with shorter windows, for a demonstration in real time.
 * @param {Window[]} windows
 * @param {number} factor
 * @returns {Window[]}
 */
export const fasterBy = (windows, factor) =>
  windows.map((window) => ({ ...window, seconds: window.seconds / factor }));

/**
 * Counts requests against rolling windows.
 * @param {Limits | undefined} limits without them, every request is admitted
 */
export function rateLimiter(limits) {
  const windows = typeof limits === 'string' ? accountLimits[limits] : (limits ?? []);
  const whole = windows.find(({ of }) => of === 'requests') ?? ALL_REQUESTS;
  /** When the requests of each kind were admitted. @type {Record<LimitedKind, number[]>} */
  const admitted = { creates: [], setupTests: [], sourceInteractions: [], requests: [] };

  return {
    /** The value of `X-Rate-Limit`. */
    total: whole.count,
    /** How many of them are left at a time, in milliseconds. @param {number} now */
    remaining(now) {
      const since = now - whole.seconds * 1000;
      const first = admitted.requests.findIndex((at) => at > since);
      const recent = first === -1 ? 0 : admitted.requests.length - first;
      return Math.max(0, whole.count - recent);
    },
    /**
     * Admits a request, or tells when its windows have room. A refused request counts in none.
     * @param {LimitedKind[]} kinds
     * @param {number} now in milliseconds
     * @returns {number | undefined} milliseconds to wait, or undefined when it is admitted
     */
    admit(kinds, now) {
      const ends = windows
        .filter(({ of }) => kinds.includes(of))
        .map(({ of, count, seconds }) => {
          const oldest = admitted[of].at(-count);
          return oldest === undefined ? now : oldest + seconds * 1000;
        });
      const end = Math.max(now, ...ends);
      if (end > now) return end - now;
      for (const kind of kinds) admitted[kind].push(now);
      return undefined;
    },
  };
}

/**
 * What a request counts as.
 * @param {string} method
 * @param {string} template of its path
 * @param {Record<string, unknown>} body
 * @returns {LimitedKind[]}
 */
export function kindsOf(method, template, body) {
  /** @type {LimitedKind[]} */
  const tests = ['setupTests', 'sourceInteractions', 'requests'];
  const tested = body.run_setup_tests === false ? /** @type {const} */ (['requests']) : tests;
  switch (`${method} ${template}`) {
    case 'POST /v1/connections':
      return ['creates', ...tested];
    case 'PATCH /v1/connections/{id}':
      return [...tested];
    case 'POST /v1/connections/{id}/test':
      return tests;
    case 'POST /v1/connections/{id}/schemas/reload':
    case 'GET /v1/connections/{id}/schemas/{schema}/tables/{table}/columns':
      return ['sourceInteractions', 'requests'];
    default:
      return ['requests'];
  }
}
