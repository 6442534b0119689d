import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { addExistingConnection } from './api/connection/store.mjs';
import { viewOf } from './api/connection/view.mjs';
import { handle } from './api/router.mjs';
import { selectionOf } from './api/schemas/selection.mjs';
import { newState } from './api/state.mjs';
import { faultQueue, isProcessed } from './faults.mjs';
import { answerWithFault } from './faulty-answers.mjs';
import { receive } from './requests.mjs';
import { scenarioNamed } from './scenarios.mjs';
import { sendAnswer } from './send-answer.mjs';

/** @typedef {import('./api/schemas/selection.mjs').Selection} Selection */
/** @typedef {import('./api/state.mjs').Fields} Fields */
/** @typedef {import('./api/state.mjs').State} State */
/** @typedef {import('./api/connection/store.mjs').Seed} Seed */
/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./options.mjs').SandboxOptions} SandboxOptions */
/** @typedef {import('./requests.mjs').SandboxRequest} SandboxRequest */

/**
 * A running sandbox.
 * @typedef {object} Sandbox
 * @property {string} url
 * @property {string} apiKey
 * @property {string} apiSecret
 * @property {SandboxRequest[]} requests in the order of arrival, refused ones included
 * @property {Fields[]} connections the connections that exist now, as the API answers them
 * @property {State} state everything the API stores, secrets in plain text
 * @property {(fault: Fault) => void} fault adds a fault
 * @property {(seed?: Seed) => Fields} seed adds a connection that has existed for a week
 * @property {(id: string) => Selection} selection what a sync of the connection would copy now
 * @property {(id: string) => void} finishConnectCard completes an authorization as the end user does
 * @property {() => void} settle lets every request that is still to be processed late take effect
 * @property {() => Promise<void>} close
 */

/**
 * Starts a Fivetran API on a loopback port.
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const { port = 0, host = '127.0.0.1', tls, connections = [] } = options;
  const state = newState(options);
  scenarioNamed(state.scenario);
  for (const seed of connections) addExistingConnection(state, seed);
  const faults = faultQueue(options.faults ?? []);
  /** @type {SandboxRequest[]} */
  const requests = [];

  const late = lateRequests(state);

  const listener = listenerFor({ state, faults, late, requests, options });
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  // Idle sockets stay open, so that only the faults of a test close them.
  server.keepAliveTimeout = 0;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `${tls ? 'https' : 'http'}://${host}:${address.port}`,
    apiKey: state.apiKey,
    apiSecret: state.apiSecret,
    requests,
    get connections() {
      late.process(state.now());
      return [...state.connections.values()].map((stored) => viewOf(state, stored));
    },
    state,
    fault: faults.add,
    seed: (seed) => viewOf(state, addExistingConnection(state, seed)),
    selection(id) {
      const stored = state.connections.get(id);
      if (stored === undefined) throw new RangeError(`Connection '${id}' does not exist`);
      return selectionOf(state, stored);
    },
    finishConnectCard(id) {
      const stored = state.connections.get(id);
      if (stored) Object.assign(stored, { cardFinished: true, setup_state: 'connected' });
    },
    settle: () => late.process(Number.POSITIVE_INFINITY),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The requests that are processed after they were answered, each at its own time.
 * @param {State} state
 */
function lateRequests(state) {
  /** @type {{ at: number, request: SandboxRequest }[]} */
  let waiting = [];
  return {
    /** @param {SandboxRequest} request @param {number} ms */
    add(request, ms) {
      waiting.push({ at: state.now() + ms, request });
    },
    /** @param {number} until by the server's clock */
    process(until) {
      const due = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      waiting = waiting.filter(({ at }) => at > until);
      const { now } = state;
      for (const { at, request } of due) {
        state.now = () => at;
        handle(state, request);
      }
      state.now = now;
    },
  };
}

/**
 * The listener that answers requests, each one as its fault or the API defines.
 * @param {object} context
 * @param {State} context.state
 * @param {ReturnType<typeof faultQueue>} context.faults
 * @param {ReturnType<typeof lateRequests>} context.late
 * @param {SandboxRequest[]} context.requests
 * @param {SandboxOptions} context.options
 * @returns {import('node:http').RequestListener}
 */
function listenerFor({ state, faults, late, requests, options }) {
  const { latencyMs = 0, gather, log = () => {} } = options;
  let inFlight = 0;
  const waiting = new Set();
  const endWaits = () => {
    for (const wait of waiting) wait.abort();
  };

  /** @param {import('node:http').IncomingMessage} message @param {import('node:http').ServerResponse} response */
  const serve = async (message, response) => {
    const closed = new AbortController();
    inFlight += 1;
    let isCounted = true;
    const leave = () => {
      if (isCounted) inFlight -= 1;
      isCounted = false;
    };
    response.once('close', () => {
      leave();
      closed.abort();
    });

    const request = await receive(message, inFlight);
    requests.push(request);
    late.process(state.now());
    const fault = faults.take(request);
    if (fault?.lateMs !== undefined) late.add(request, fault.lateMs);
    const answer = !fault || isProcessed(fault) ? handle(state, request) : undefined;
    response.setHeader('X-Rate-Limit', state.limiter.total);
    response.setHeader('X-Rate-Limit-Remaining', state.limiter.remaining(state.now()));
    log(`${request.method} ${request.path}: ${fault ? `fault ${fault.kind}` : answer?.status}`);
    const delayMs = latencyMs + (answer?.delayMs ?? 0);
    if (delayMs > 0) {
      const wait = new AbortController();
      waiting.add(wait);
      // One request too many would come right behind the last one.
      if (waiting.size === gather) setTimeout(endWaits, 20);
      const signal = AbortSignal.any([closed.signal, wait.signal]);
      await sleep(delayMs, undefined, { signal }).catch(() => {});
      waiting.delete(wait);
      closed.signal.throwIfAborted();
    }
    const now = state.now();
    // Decrement before the answer is sent: the client's next request may follow at once.
    if (!fault) leave();
    try {
      if (fault) await answerWithFault({ response, fault, answer, now, stop: closed.signal });
      else if (answer) sendAnswer(response, now, answer);
    } finally {
      if (response.headersSent) request.status = response.statusCode;
    }
  };

  return (message, response) => {
    serve(message, response).catch((error) => {
      // A request may end at any time because the client or the sandbox closes.
      if (error?.name === 'AbortError' || error?.code === 'ECONNRESET') return;
      console.error('The sandbox failed:', error);
      response.destroy();
    });
  };
}
