/** @typedef {import('../api/state.mjs').Fields} Fields */

/**
 * A sandbox's answer: the status, the raw text and the parts of the envelope.
 * @typedef {{ status: number, headers: Headers, text: string, code: any, message: any,
 *   data: any }} Reply
 */

const VERSION_1 = /^\/v1\/connections\/[^/]+\/(fingerprints|certificates|schemas)/;

/**
 * A plain client for tests. It sends the headers that the endpoint requires, unless a call sets
 * others.
 * @param {{ url: string, apiKey: string, apiSecret: string }} sandbox
 */
export function clientFor({ url, apiKey, apiSecret }) {
  const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body] a string is sent unchanged
   * @param {Record<string, string | undefined>} [headers] undefined omits the header
   * @returns {Promise<Reply>}
   */
  return async (method, path, body, headers = {}) => {
    const all = {
      authorization: `Basic ${credentials}`,
      accept:
        path.startsWith('/v1/connections') && !VERSION_1.test(path)
          ? 'application/json;version=2'
          : 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const present = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [/** @type {[string, string]} */ ([name, value])],
    );
    const payload = typeof body === 'string' ? Buffer.from(body) : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      headers: present,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const { code, message, data } = jsonOr(text, {});
    return { status: response.status, headers: response.headers, text, code, message, data };
  };
}

/** @param {string} text @param {Fields} fallback @returns {Fields} */
function jsonOr(text, fallback) {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}
