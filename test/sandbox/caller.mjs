/** @typedef {import('./api/store.mjs').Fields} Fields */

/**
 * What a sandbox answered: the status, the envelope and its parts.
 * @typedef {{ status: number, headers: Headers, text: string, code: any, message: any,
 *   data: any }} Reply
 */

/**
 * A plain client of a sandbox, for tests: the right headers unless others are given.
 * @param {{ url: string, apiKey: string, apiSecret: string }} sandbox
 */
export function callerOf({ url, apiKey, apiSecret }) {
  const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body] a string is sent as it is
   * @param {Record<string, string | undefined>} [headers] undefined: without that one
   * @returns {Promise<Reply>}
   */
  return async (method, path, body, headers = {}) => {
    const all = {
      authorization: `Basic ${credentials}`,
      accept: path.startsWith('/v1/connections')
        ? 'application/json;version=2'
        : 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const given = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [/** @type {[string, string]} */ ([name, value])],
    );
    const payload = typeof body === 'string' ? Buffer.from(body) : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      headers: given,
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
