import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { timestamp } from './api/clock.mjs';
import { handle } from './api/router.mjs';
import { DEFAULT_GROUPS, keepOld, WORLD_DEFAULTS } from './api/store.mjs';
import { viewOf } from './api/view.mjs';
import { playFault } from './broken-answers.mjs';
import { faultQueue, isProcessed } from './faults.mjs';
import { receive } from './requests.mjs';
import { scenarioNamed } from './scenarios.mjs';
import { send } from './sending.mjs';

/** @typedef {import('./api/store.mjs').Fields} Fields */
/** @typedef {import('./api/store.mjs').Seed} Seed */
/** @typedef {import('./api/store.mjs').World} World */
/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./requests.mjs').SandboxRequest} SandboxRequest */

/**
 * How the sandbox behaves; every option has a default.
 * @typedef {object} SandboxOptions
 * @property {number} [port] 0, the default: any that is free
 * @property {string} [host]
 * @property {{ key: string, cert: string }} [tls] speak https with this key and certificate (PEM)
 * @property {string} [apiKey]
 * @property {string} [apiSecret]
 * @property {string} [scenario] how every connection fares, see scenarios.mjs
 * @property {(body: Fields) => string | undefined} [scenarioFor] by the body of a create request,
 *   how that connection fares; undefined: as `scenario` has it
 * @property {number} [latencyMs] how long each answer takes; the request is processed before that
 * @property {number} [clockSkewMs] how far the server's clock is off, in `Date` and `created_at`
 * @property {Fault[]} [faults]
 * @property {{ id: string, name: string }[]} [groups]
 * @property {Seed[]} [connections] those that are there from the start
 * @property {'known' | 'any'} [services] `any`: a service needs no metadata to be accepted
 * @property {400 | 409} [conflictStatus]
 * @property {number} [syncSeconds] how long a sync takes
 * @property {import('./fixtures.mjs').HostKey[]} [hostKeys] what a source with SSH presents
 * @property {import('./fixtures.mjs').Certificate[]} [certificates] what a source with TLS presents
 * @property {(line: string) => void} [log] told of every request
 */

/**
 * A running sandbox.
 * @typedef {object} Sandbox
 * @property {string} url
 * @property {string} apiKey
 * @property {string} apiSecret
 * @property {SandboxRequest[]} requests in the order of arrival, refused ones included
 * @property {Fields[]} connections those that exist now, as the API answers them
 * @property {World} state what the API keeps, secrets in the clear
 * @property {(fault: Fault) => void} fault sets one more fault
 * @property {(seed?: Seed) => Fields} seed adds a connection, a week old
 * @property {(id: string) => void} finishConnectCard does the end user's part of an authorisation
 * @property {() => Promise<void>} close
 */

const RATE_LIMIT = 20_000;

/**
 * Starts a Fivetran API on a loopback port.
 * @param {SandboxOptions} [options]
 * @returns {Promise<Sandbox>}
 */
export async function startSandbox(options = {}) {
  const { port = 0, host = '127.0.0.1', tls, latencyMs = 0, log = () => {} } = options;
  const world = newWorld(options);
  const faults = faultQueue(options.faults ?? []);
  /** @type {SandboxRequest[]} */
  const requests = [];
  let inFlight = 0;

  /** @param {import('node:http').IncomingMessage} message @param {import('node:http').ServerResponse} response */
  const serve = async (message, response) => {
    const gone = new AbortController();
    inFlight += 1;
    let isOpen = true;
    const leave = () => {
      if (isOpen) inFlight -= 1;
      isOpen = false;
    };
    response.once('close', () => {
      leave();
      gone.abort();
    });

    const request = await receive(message, inFlight);
    requests.push(request);
    response.setHeader('X-Rate-Limit', RATE_LIMIT);
    response.setHeader('X-Rate-Limit-Remaining', Math.max(0, RATE_LIMIT - requests.length));
    const fault = faults.take(request);
    const answer = !fault || isProcessed(fault) ? handle(world, request) : undefined;
    log(`${request.method} ${request.path}: ${fault ? `fault ${fault.kind}` : answer?.status}`);
    const delayMs = latencyMs + (answer?.delayMs ?? 0);
    if (delayMs > 0) await sleep(delayMs, undefined, { signal: gone.signal });
    const now = world.now();
    // Counted out before the answer is on its way: the next request may follow at once.
    if (!fault) leave();
    try {
      if (fault) await playFault({ response, fault, answer, now, stop: gone.signal });
      else if (answer) send(response, now, answer);
    } finally {
      if (response.headersSent) request.status = response.statusCode;
    }
  };

  /** @type {import('node:http').RequestListener} */
  const listener = (message, response) => {
    serve(message, response).catch((error) => {
      // A client that goes away, or a sandbox that closes, may end a request at any point.
      if (error?.name === 'AbortError' || error?.code === 'ECONNRESET') return;
      console.error('The sandbox itself failed:', error);
      response.destroy();
    });
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  // An idle connection stays open, so that no test meets a close that it did not ask for.
  server.keepAliveTimeout = 0;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `${tls ? 'https' : 'http'}://${host}:${address.port}`,
    apiKey: world.apiKey,
    apiSecret: world.apiSecret,
    requests,
    get connections() {
      return [...world.connections.values()].map((stored) => viewOf(world, stored));
    },
    state: world,
    fault: faults.add,
    seed: (seed) => viewOf(world, keepOld(world, seed)),
    finishConnectCard(id) {
      const stored = world.connections.get(id);
      if (stored) Object.assign(stored, { cardFinished: true, setup_state: 'connected' });
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * @param {SandboxOptions} options
 * @returns {World}
 */
function newWorld(options) {
  const { clockSkewMs = 0, groups = DEFAULT_GROUPS, connections = [] } = options;
  const created_at = timestamp(Date.UTC(2025, 4, 25, 15, 26, 47));
  const given = Object.entries(options).filter(
    ([name, value]) => Object.hasOwn(WORLD_DEFAULTS, name) && value !== undefined,
  );
  /** @type {World} */
  const world = {
    ...WORLD_DEFAULTS,
    ...Object.fromEntries(given),
    groups: new Map(groups.map((group) => [group.id, { ...group, created_at }])),
    connections: new Map(),
    deleted: [],
    tally: new Map(),
    created: 0,
    now: () => Date.now() + clockSkewMs,
  };
  scenarioNamed(world.scenario);
  for (const seed of connections) keepOld(world, seed);
  return world;
}
