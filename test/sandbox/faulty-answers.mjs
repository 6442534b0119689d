import { once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { sendAnswer, textOf } from './send-answer.mjs';

/** @typedef {import('./api/replies.mjs').Answer} Answer */
/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./faults.mjs').FaultKind} FaultKind */

/**
 * A request whose answer a fault changes.
 * @typedef {object} Exchange
 * @property {import('node:http').ServerResponse} response
 * @property {Fault} fault
 * @property {Answer | undefined} answer the real answer, when the request was processed
 * @property {number} now the server's clock
 * @property {AbortSignal} stop aborts when either side closes the socket
 */

const HTML =
  '<!DOCTYPE html>\n<html><body><h1>Service temporarily unavailable</h1></body></html>\n';
const HUGE_BYTES = 12 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** @type {Record<FaultKind, (exchange: Exchange) => void | Promise<void>>} */
const FAULTS = {
  reset: ({ response }) => reset(response),
  hang: () => {},
  status: (exchange) => replace(exchange, 500, errorBody(exchange.fault.status ?? 500)),
  'rate-limit': (exchange) => replace(exchange, 429, errorBody(429)),
  html: (exchange) => replace(exchange, 200, HTML, { 'Content-Type': 'text/html' }),
  'invalid-json': (exchange) => replace(exchange, 200, '{"code": "Success", "data": {id: oops}'),
  empty: (exchange) => replace(exchange, exchange.answer?.status ?? 200, ''),
  redirect: (exchange) =>
    replace(exchange, 307, '', { Location: exchange.fault.location ?? '/v1/elsewhere' }),
  huge: sendHuge,
  cut: sendCut,
  'cut-json': (exchange) => sendReal(exchange, (text) => text.slice(0, text.length / 2)),
  drip: sendByteByByte,
  async slow(exchange) {
    await sleep(exchange.fault.ms ?? 1000, undefined, { signal: exchange.stop });
    sendReal(exchange, (text) => text);
  },
  'no-id': (exchange) => sendReal(exchange, (text) => text.replace(/"id":"[^"]*",?/g, '')),
  skew: (exchange) => {
    const now = exchange.now + (exchange.fault.ms ?? 3_600_000);
    sendReal({ ...exchange, now }, (text) => text);
  },
};

/**
 * Answers a request as its fault defines.
 * @param {Exchange} exchange
 */
export const answerWithFault = (exchange) => FAULTS[exchange.fault.kind](exchange);

/** @param {number} status */
const errorBody = (status) => ({
  code: `Fault_${status}`,
  message: `A fault on request: ${status}`,
});

/**
 * Sends a substitute for the real answer. The fault's status, headers and body take precedence.
 * @param {Exchange} exchange
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function replace({ response, fault, now }, status, body, headers) {
  sendAnswer(response, now, {
    status: fault.status ?? status,
    headers: { ...headers, ...fault.headers },
    body: fault.body ?? body,
  });
}

/** @param {Exchange} exchange @returns {Answer} */
function realAnswer({ answer, fault }) {
  if (answer === undefined) throw new Error(`The fault '${fault.kind}' requires the real answer`);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

/** @param {Exchange} exchange @param {(text: string) => string} change */
function sendReal(exchange, change) {
  const answer = realAnswer(exchange);
  sendAnswer(exchange.response, exchange.now, { ...answer, body: change(textOf(answer.body)) });
}

/** @param {import('node:http').ServerResponse} response */
function reset(response) {
  const { socket } = response;
  // A TLS socket can't send RST.
  if (socket && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** @param {Exchange} exchange */
function sendCut(exchange) {
  const { response } = exchange;
  const answer = realAnswer(exchange);
  const whole = Buffer.from(textOf(answer.body));
  // At least one byte is sent and one is missing, so that the cut is in the body.
  const half = whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)));
  const headers = { ...answer.headers, 'Content-Length': String(whole.length + 1) };
  response.socket?.setNoDelay(true);
  sendAnswer(response, exchange.now, { ...answer, headers }, () => {
    response.write(half, () => response.socket?.end());
  });
}

/** @param {Exchange} exchange */
async function sendByteByByte(exchange) {
  const { response, fault, stop } = exchange;
  const { ms = 10 } = fault;
  const answer = realAnswer(exchange);
  sendAnswer(response, exchange.now, answer, () => {});
  response.socket?.setNoDelay(true);
  for (const byte of Buffer.from(textOf(answer.body))) {
    response.write(Buffer.of(byte));
    // The shortest timer takes a millisecond.
    await (ms > 0 ? sleep(ms, undefined, { signal: stop }) : nextTurn());
  }
  response.end();
}

/** @param {Exchange} exchange */
async function sendHuge({ response, fault, now, stop }) {
  const { status = 200, headers } = fault;
  sendAnswer(response, now, { status, headers }, () => {});
  response.write('{"code":"Success","data":{"padding":"');
  for (let sent = 0; sent < HUGE_BYTES && !stop.aborted; sent += CHUNK_BYTES) {
    if (!response.write('x'.repeat(CHUNK_BYTES))) await once(response, 'drain', { signal: stop });
  }
  response.end('"}}');
}
