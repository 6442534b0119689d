/** @typedef {import('./api/replies.mjs').Answer} Answer */
/** @typedef {import('node:http').ServerResponse} Response */

/**
 * The text of an answer's body.
 * @param {unknown} body
 */
export function textOf(body) {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/**
 * Sends an answer with the headers that every answer of the API has.
 * @param {Response} response
 * @param {number} now the server's clock, for `Date`
 * @param {Answer} answer
 * @param {() => void} [writeBody] writes the body instead, for answers that are cut or slow
 */
export function sendAnswer(response, now, { status, headers, body }, writeBody) {
  const text = textOf(body);
  const length = writeBody ? {} : { 'Content-Length': Buffer.byteLength(text) };
  response.sendDate = false;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    Date: new Date(now).toUTCString(),
    ...length,
    ...headers,
  });
  if (writeBody) writeBody();
  else response.end(text);
}
