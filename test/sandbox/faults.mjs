/**
 * How a request goes wrong.
 *
 * - `reset`: the socket is torn down
 * - `hang`: no answer ever comes
 * - `status`: that status, with `body` or a JSON error
 * - `rate-limit`: 429, with a `Retry-After` only if `headers` has it
 * - `html`: a page of HTML, with status 200 or the one given
 * - `invalid-json`: text that is no JSON, with status 200 or the one given
 * - `empty`: no body, with the real status or the one given
 * - `huge`: more than 8 MB of JSON, for as long as the client reads
 * - `redirect`: 307, or the status given, to `location`
 *
 * These need the real answer, so the request is always processed:
 *
 * - `cut`: the connection ends in the middle of the answer's body
 * - `cut-json`: a complete HTTP answer with half of its JSON
 * - `drip`: one byte each `ms`
 * - `slow`: the real answer, `ms` late
 * - `no-id`: a success whose connection has no id
 * - `skew`: this answer's `Date` is `ms` off
 *
 * @typedef {'reset' | 'hang' | 'status' | 'rate-limit' | 'html' | 'invalid-json' | 'empty' | 'huge'
 *   | 'redirect' | 'cut' | 'cut-json' | 'drip' | 'slow' | 'no-id' | 'skew'} FaultKind
 */

/**
 * A fault and the requests that it befalls.
 * @typedef {object} Fault
 * @property {string} [method] any when left out
 * @property {string} [path] exact, or with `{id}` for one part of it, or with `*` for any rest;
 *   any path when left out
 * @property {number | number[] | 'all'} [nth] which of the requests that match, counted from 1 and
 *   from when the fault was set; 1 when left out
 * @property {FaultKind} kind
 * @property {'before' | 'after'} [when] whether the request is processed all the same; `before`,
 *   that is: not processed, when left out
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] sent as JSON; a string is sent as it is
 * @property {number} [ms]
 * @property {string} [location]
 */

/** @type {Record<FaultKind, 'before' | 'after' | 'always'>} what `when` is if it is left out */
const PROCESSING = {
  reset: 'before',
  hang: 'before',
  status: 'before',
  'rate-limit': 'before',
  html: 'before',
  'invalid-json': 'before',
  empty: 'before',
  huge: 'before',
  redirect: 'before',
  cut: 'always',
  'cut-json': 'always',
  drip: 'always',
  slow: 'always',
  'no-id': 'always',
  skew: 'always',
};

/** All kinds of faults. */
export const faultKinds = /** @type {FaultKind[]} */ (Object.keys(PROCESSING));

/**
 * Whether a request that the fault befalls is processed.
 * @param {Fault} fault
 */
export function isProcessed({ kind, when, status }) {
  if (PROCESSING[kind] === 'always') return true;
  // An empty answer with the real status needs a real status.
  if (kind === 'empty' && when === undefined) return status === undefined;
  return when === 'after';
}

/**
 * The faults that are still to come.
 * @param {Fault[]} initial
 */
export function faultQueue(initial) {
  /** @type {{ fault: Fault, pattern: RegExp, seen: number }[]} */
  const entries = [];

  /** @param {Fault} fault */
  const add = (fault) => {
    if (!Object.hasOwn(PROCESSING, fault.kind)) {
      throw new RangeError(`no fault '${fault.kind}', there are: ${faultKinds.join(', ')}`);
    }
    entries.push({ fault, pattern: patternOf(fault.path ?? '*'), seen: 0 });
  };

  /**
   * The fault that befalls this request: of several, the one that was set first.
   * @param {{ method: string, path: string }} request
   */
  const take = (request) => {
    const due = entries.filter((entry) => {
      const { method = request.method, nth = 1 } = entry.fault;
      if (method !== request.method || !entry.pattern.test(request.path)) return false;
      entry.seen += 1;
      return nth === 'all' || [nth].flat().includes(entry.seen);
    });
    return due[0]?.fault;
  };

  initial.forEach(add);
  return { add, take };
}

/** @param {string} path */
function patternOf(path) {
  const source = path
    .split(/(\{[^}]*\}|\*)/)
    .map((part) => {
      if (part === '*') return '.*';
      return part.startsWith('{') ? '[^/]+' : part.replace(/[.\\+?^$()[\]|]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
