/**
 * A request as the sandbox received it.
 * @typedef {object} SandboxRequest
 * @property {string} method
 * @property {string} path without the query
 * @property {Record<string, string>} query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {unknown} body the parsed JSON; undefined when it is missing or invalid
 * @property {string} rawBody
 * @property {number} at arrival time, from performance.now()
 * @property {number} inFlight how many requests were in progress, this one included
 * @property {number | undefined} status status of the answer, once it was sent
 */

/**
 * Reads a request including its body.
 * @param {import('node:http').IncomingMessage} message
 * @param {number} inFlight
 * @returns {Promise<SandboxRequest>}
 */
export async function receive(message, inFlight) {
  const at = performance.now();
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  const rawBody = Buffer.concat(chunks).toString('utf8');
  const url = new URL(message.url ?? '/', 'http://sandbox.invalid');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: message.headers,
    body: parsed(rawBody),
    rawBody,
    at,
    inFlight,
    status: undefined,
  };
}

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
