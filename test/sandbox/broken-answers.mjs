import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { send, textOf } from './sending.mjs';

/** @typedef {import('./api/replies.mjs').Answer} Answer */
/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./faults.mjs').FaultKind} FaultKind */

/**
 * What a fault is played with.
 * @typedef {object} Stage
 * @property {import('node:http').ServerResponse} response
 * @property {Fault} fault
 * @property {Answer | undefined} answer the real one, when the request was processed
 * @property {number} now the server's clock
 * @property {AbortSignal} stop aborts when the socket closes, on whichever side
 */

const HTML =
  '<!DOCTYPE html>\n<html><body><h1>Service temporarily unavailable</h1></body></html>\n';
const HUGE_BYTES = 12 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** @type {Record<FaultKind, (stage: Stage) => void | Promise<void>>} */
const PLAYS = {
  reset: ({ response }) => reset(response),
  hang: () => {},
  status: (stage) => replace(stage, 500, errorBody(stage.fault.status ?? 500)),
  'rate-limit': (stage) => replace(stage, 429, errorBody(429)),
  html: (stage) => replace(stage, 200, HTML, { 'Content-Type': 'text/html' }),
  'invalid-json': (stage) => replace(stage, 200, '{"code": "Success", "data": {id: oops}'),
  empty: (stage) => replace(stage, stage.answer?.status ?? 200, ''),
  redirect: (stage) =>
    replace(stage, 307, '', { Location: stage.fault.location ?? '/v1/somewhere-else' }),
  huge: playHuge,
  cut: playCut,
  'cut-json': (stage) => sendReal(stage, (text) => text.slice(0, text.length / 2)),
  drip: playDrip,
  async slow(stage) {
    await sleep(stage.fault.ms ?? 1000, undefined, { signal: stage.stop });
    sendReal(stage, (text) => text);
  },
  'no-id': (stage) => sendReal(stage, (text) => text.replace(/"id":"[^"]*",?/g, '')),
  skew: (stage) => {
    const now = stage.now + (stage.fault.ms ?? 3_600_000);
    sendReal({ ...stage, now }, (text) => text);
  },
};

/**
 * Answers a request the way its fault has it.
 * @param {Stage} stage
 */
export const playFault = (stage) => PLAYS[stage.fault.kind](stage);

/** @param {number} status */
const errorBody = (status) => ({
  code: `Fault_${status}`,
  message: `A fault on request: ${status}`,
});

/**
 * Sends a made-up answer; what the fault says of status, headers and body wins.
 * @param {Stage} stage
 * @param {number} status
 * @param {unknown} body
 * @param {Record<string, string>} [headers]
 */
function replace({ response, fault, now }, status, body, headers) {
  send(response, now, {
    status: fault.status ?? status,
    headers: { ...headers, ...fault.headers },
    body: fault.body ?? body,
  });
}

/** @param {Stage} stage @returns {Answer} */
function realAnswer({ answer, fault }) {
  if (answer === undefined) throw new Error(`the fault '${fault.kind}' needs the real answer`);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

/** @param {Stage} stage @param {(text: string) => string} change */
function sendReal(stage, change) {
  const answer = realAnswer(stage);
  send(stage.response, stage.now, { ...answer, body: change(textOf(answer.body)) });
}

/** @param {import('node:http').ServerResponse} response */
function reset(response) {
  const { socket } = response;
  // A TLS socket can't send RST itself.
  if (socket && 'encrypted' in socket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** @param {Stage} stage */
function playCut(stage) {
  const { response } = stage;
  const answer = realAnswer(stage);
  const whole = Buffer.from(textOf(answer.body));
  // One byte at least is missing and one is there, so that it is the body that is cut.
  const half = whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)));
  const headers = { ...answer.headers, 'Content-Length': String(whole.length + 1) };
  response.socket?.setNoDelay(true);
  send(response, stage.now, { ...answer, headers }, () => {
    response.write(half, () => response.socket?.end());
  });
}

/** @param {Stage} stage */
async function playDrip(stage) {
  const { response, fault, stop } = stage;
  const answer = realAnswer(stage);
  send(response, stage.now, answer, () => {});
  response.socket?.setNoDelay(true);
  for (const byte of Buffer.from(textOf(answer.body))) {
    response.write(Buffer.of(byte));
    await sleep(fault.ms ?? 10, undefined, { signal: stop });
  }
  response.end();
}

/** @param {Stage} stage */
async function playHuge({ response, fault, now, stop }) {
  const { status = 200, headers } = fault;
  send(response, now, { status, headers }, () => {});
  response.write('{"code":"Success","data":{"padding":"');
  for (let sent = 0; sent < HUGE_BYTES && !stop.aborted; sent += CHUNK_BYTES) {
    if (!response.write('x'.repeat(CHUNK_BYTES))) await once(response, 'drain', { signal: stop });
  }
  response.end('"}}');
}
