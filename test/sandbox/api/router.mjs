import { scenarioNamed } from '../scenarios.mjs';
import {
  approveCertificate,
  approveFingerprint,
  createConnectCard,
  syncConnection,
  testConnection,
} from './actions.mjs';
import {
  createConnection,
  deleteConnection,
  getConnection,
  listConnections,
  patchConnection,
} from './connections.mjs';
import { jsonType } from './fields.mjs';
import { nameFrom } from './naming.mjs';
import { acceptProblem, authProblem, bodyProblem } from './negotiation.mjs';
import { getGroup, getMetadata } from './reference.mjs';
import { failure } from './replies.mjs';
import { secretsIn } from './secrets.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./store.mjs').Fields} Fields */
/** @typedef {import('./store.mjs').Stored} Stored */
/** @typedef {import('./store.mjs').World} World */
/** @typedef {import('../requests.mjs').SandboxRequest} SandboxRequest */

/**
 * A request that made it to its endpoint.
 * @typedef {object} Call
 * @property {World} world
 * @property {string} id the path's variable part, empty when it has none
 * @property {Fields} body
 * @property {Record<string, string>} query
 * @property {string} scenario the name of the one that holds for this request
 */

/** @typedef {Call & { stored: Stored }} CallOnOne a call on a connection that exists */

/**
 * @typedef {object} Route
 * @property {RegExp} path
 * @property {1 | 2} version of the API that `Accept` must ask for
 * @property {Record<string, (call: Call) => Answer>} [methods]
 * @property {Record<string, (call: CallOnOne) => Answer>} [methodsOnOne]
 * @property {true} [bodyIsOptional]
 */

/** @type {Route[]} */
const ROUTES = [
  {
    path: /^\/v1\/connections$/,
    version: 2,
    methods: { POST: createConnection, GET: listConnections },
  },
  {
    path: /^\/v1\/connections\/([^/]+)$/,
    version: 2,
    methodsOnOne: { GET: getConnection, PATCH: patchConnection, DELETE: deleteConnection },
  },
  onePath('test', testConnection),
  onePath('fingerprints', approveFingerprint),
  onePath('certificates', approveCertificate),
  { ...onePath('sync', syncConnection), bodyIsOptional: true },
  onePath('connect-card', createConnectCard),
  { path: /^\/v1\/groups\/([^/]+)$/, version: 1, methods: { GET: getGroup } },
  {
    path: /^\/v1\/metadata\/connector-types\/([^/]+)$/,
    version: 1,
    methods: { GET: getMetadata },
  },
];

/** @param {string} name @param {(call: CallOnOne) => Answer} handler @returns {Route} */
function onePath(name, handler) {
  const path = new RegExp(`^/v1/connections/([^/]+)/${name}$`);
  return { path, version: 2, methodsOnOne: { POST: handler } };
}

/**
 * What the API answers to a request, and does.
 * @param {World} world
 * @param {SandboxRequest} request
 * @returns {Answer}
 */
export function handle(world, request) {
  const unauthorized = authProblem(world, request);
  if (unauthorized) return unauthorized;
  const route = ROUTES.find(({ path }) => path.test(request.path));
  if (route === undefined) return failure(404, 'NotFound', `There is no ${request.path}`);
  const handlers = { ...route.methods, ...route.methodsOnOne };
  const handler = Object.hasOwn(handlers, request.method) ? handlers[request.method] : undefined;
  if (handler === undefined) {
    return failure(405, 'MethodNotAllowed', `${request.method} is not allowed here`);
  }
  const problem =
    acceptProblem(request, route.version) ?? bodyProblem(request, route.bodyIsOptional === true);
  if (problem) return problem;

  const id = decodeURIComponent(route.path.exec(request.path)?.[1] ?? '');
  const stored = route.methodsOnOne && world.connections.get(id);
  const body = objectOf(request.body);
  const isCreate = request.method === 'POST' && route.path === ROUTES[0]?.path;
  const asked = isCreate ? world.scenarioFor(body) : stored?.scenario;
  const scenario = asked ?? world.scenario;
  const refusal = refusalOf(world, request, scenario);
  if (refusal) return refusal;
  if (route.methodsOnOne && stored === undefined) {
    return failure(404, 'NotFound_Connection', `There is no connection '${id}'`);
  }
  return handler(
    /** @type {CallOnOne} */ ({ world, id, body, query: request.query, scenario, stored }),
  );
}

/** @param {World} world @param {SandboxRequest} request @param {string} name */
function refusalOf(world, request, name) {
  const { refuse } = scenarioNamed(name);
  if (refuse === undefined) return undefined;
  const body = objectOf(request.body);
  const key = [name, request.method, request.path, nameFrom(objectOf(body.config))].join(' ');
  const nth = (world.tally.get(key) ?? 0) + 1;
  world.tally.set(key, nth);
  return refuse({ nth, secrets: [world.apiKey, world.apiSecret, ...secretsIn(body)] });
}

/** @param {unknown} value */
const objectOf = (value) => /** @type {Fields} */ (jsonType(value) === 'object' ? value : {});
