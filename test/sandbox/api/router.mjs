import { kindsOf } from '../limits.mjs';
import { scenarioNamed } from '../scenarios.mjs';
import { nameFrom } from './connection/connection-name.mjs';
import { secretsIn } from './connection/secrets.mjs';
import { createConnection } from './connections.mjs';
import { objectOrEmpty } from './json-type.mjs';
import { acceptProblem, authProblem, bodyProblem } from './negotiation.mjs';
import { failure } from './replies.mjs';
import { routeOf } from './routes.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./routes.mjs').ConnectionCall} ConnectionCall */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {import('../requests.mjs').SandboxRequest} SandboxRequest */

/**
 * Processes a request and returns the API's answer.
 * @param {State} state
 * @param {SandboxRequest} request
 * @returns {Answer}
 */
export function handle(state, request) {
  const unauthorized = authProblem(state, request);
  if (unauthorized) return unauthorized;
  const match = routeOf(request.path);
  // The code of a wrong path has no suffix: it says nothing about the connection.
  if (match === undefined) return failure(404, 'NotFound', 'HTTP 404 Not Found');
  const { route, params } = match;
  const handlers = { ...route.methods, ...route.connectionMethods };
  const handler = Object.hasOwn(handlers, request.method) ? handlers[request.method] : undefined;
  if (handler === undefined) {
    return failure(405, 'MethodNotAllowed', `${request.method} is not allowed here`);
  }
  const body = objectOrEmpty(request.body);
  const limited = limitedUntil(state, kindsOf(request.method, route.template, body));
  if (limited) return limited;
  const problem =
    acceptProblem(request, route.version) ?? bodyProblem(request, route.bodyIsOptional === true);
  if (problem) return problem;

  const [id = ''] = params;
  const stored = route.connectionMethods && state.connections.get(id);
  const chosen = handler === createConnection ? state.scenarioFor(body) : stored?.scenario;
  const scenario = chosen ?? state.scenario;
  const refusal = refusalOf(state, request, scenario);
  if (refusal) return refusal;
  if (route.connectionMethods && stored === undefined) {
    return failure(404, 'NotFound_Connection', `Connection with id '${id}' does not exist`);
  }
  const call = { state, id, params, body, query: request.query, scenario, stored };
  return handler(/** @type {ConnectionCall} */ (call));
}

/**
 * The answer to a request that exceeds a limit, or undefined once it is counted.
 * @param {State} state
 * @param {import('../limits.mjs').LimitedKind[]} kinds
 */
function limitedUntil({ limiter, now }, kinds) {
  const ms = limiter.admit(kinds, now());
  if (ms === undefined) return undefined;
  const headers = { 'Retry-After': String(Math.ceil(ms / 1000)) };
  return failure(429, 'TooManyRequests', 'The rate limit of the account is exceeded', headers);
}

/** @param {State} state @param {SandboxRequest} request @param {string} name */
function refusalOf(state, request, name) {
  const { refuse } = scenarioNamed(name);
  if (refuse === undefined) return undefined;
  const body = objectOrEmpty(request.body);
  const key = [name, request.method, request.path, nameFrom(objectOrEmpty(body.config))].join(' ');
  const nth = (state.requestCounts.get(key) ?? 0) + 1;
  state.requestCounts.set(key, nth);
  return refuse({ nth, secrets: [state.apiKey, state.apiSecret, ...secretsIn(body)] });
}
