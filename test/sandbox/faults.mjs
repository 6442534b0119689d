/**
 * How a request goes wrong.
 *
 * - `reset`: the server resets the socket
 * - `hang`: no answer ever arrives
 * - `status`: the given status, with `body` or a JSON error
 * - `rate-limit`: 429, with `Retry-After` only when `headers` has it
 * - `html`: an HTML page, with status 200 or the given one
 * - `invalid-json`: a body that is not JSON, with status 200 or the given one
 * - `empty`: no body, with the real status or the given one
 * - `huge`: more than 8 MB of JSON, for as long as the client reads
 * - `redirect`: 307, or the given status, to `location`
 *
 * These change the real answer, so the request is always processed:
 *
 * - `cut`: the socket closes in the middle of the answer's body
 * - `cut-json`: a complete HTTP answer with half of its JSON
 * - `drip`: one byte every `ms`
 * - `slow`: the real answer, `ms` late
 * - `no-id`: a success whose connection has no ID
 * - `skew`: the `Date` of this answer is off by `ms`
 *
 * @typedef {'reset' | 'hang' | 'status' | 'rate-limit' | 'html' | 'invalid-json' | 'empty' | 'huge'
 *   | 'redirect' | 'cut' | 'cut-json' | 'drip' | 'slow' | 'no-id' | 'skew'} FaultKind
 */

/**
 * A fault and the requests that it applies to.
 * @typedef {object} Fault
 * @property {string} [method] any by default
 * @property {string} [path] an exact path, or a pattern in which `{id}` matches one segment and `*`
 *   any rest; any path by default
 * @property {number | number[] | 'all'} [nth] which of the matching requests, counted from 1 since
 *   the fault was added; the first by default
 * @property {FaultKind} kind
 * @property {'before' | 'after'} [when] `after`: the request is processed before the fault occurs;
 *   `before`, the default: it is not processed
 * @property {number} [lateMs] the request is processed so long after the fault, by the server's clock;
 *   not for the kinds that change the real answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body] sent as JSON; a string is sent unchanged
 * @property {number} [ms]
 * @property {string} [location]
 */

/** When each kind is processed by default. @type {Record<FaultKind, 'before' | 'after' | 'always'>} */
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

const faultKinds = /** @type {FaultKind[]} */ (Object.keys(PROCESSING));

/**
 * Whether a request that the fault applies to is processed.
 * @param {Fault} fault
 */
export function isProcessed({ kind, when, status, lateMs }) {
  if (lateMs !== undefined) return false;
  if (PROCESSING[kind] === 'always') return true;
  // An empty answer takes its status from the real answer unless one is given.
  if (kind === 'empty' && when === undefined) return status === undefined;
  return when === 'after';
}

/**
 * The faults that have yet to occur.
 * @param {Fault[]} initial
 */
export function faultQueue(initial) {
  /** @type {{ fault: Fault, pattern: RegExp, seen: number }[]} */
  const entries = [];

  /** @param {Fault} fault */
  const add = (fault) => {
    if (!Object.hasOwn(PROCESSING, fault.kind)) {
      throw new RangeError(`Unknown fault '${fault.kind}'. Faults: ${faultKinds.join(', ')}`);
    }
    entries.push({ fault, pattern: patternOf(fault.path ?? '*'), seen: 0 });
  };

  /**
   * The fault that applies to this request. When several do, the one that was added first.
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
