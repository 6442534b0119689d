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
import { getGroup, getMetadata, getPublicKey } from './reference.mjs';
import { createSchemaConfig, getSchemaConfig, patchSchemaConfig } from './schemas/endpoints.mjs';
import { getColumns, reloadSchemaConfig } from './schemas/source.mjs';

/** @typedef {import('./replies.mjs').Answer} Answer */
/** @typedef {import('./state.mjs').Fields} Fields */
/** @typedef {import('./state.mjs').State} State */
/** @typedef {import('./state.mjs').StoredConnection} StoredConnection */

/**
 * A request that reached its endpoint.
 * @typedef {object} Call
 * @property {State} state
 * @property {string} id the first variable part of the path, empty when it has none
 * @property {string[]} params all variable parts of the path
 * @property {Fields} body
 * @property {Record<string, string>} query
 * @property {string} scenario name of the scenario that applies to this request
 */

/** @typedef {Call & { stored: StoredConnection }} ConnectionCall a call on an existing connection */

/**
 * @typedef {object} Route
 * @property {string} template
 * @property {1 | 2} version API version that `Accept` must ask for
 * @property {Record<string, (call: Call) => Answer>} [methods]
 * @property {Record<string, (call: ConnectionCall) => Answer>} [connectionMethods]
 * @property {true} [bodyIsOptional]
 */

const CONNECTIONS = '/v1/connections';
const CONNECTION = `${CONNECTIONS}/{id}`;
const SCHEMAS = `${CONNECTION}/schemas`;

/** @type {Route[]} */
const ROUTES = [
  {
    template: CONNECTIONS,
    version: 2,
    methods: { POST: createConnection, GET: listConnections },
  },
  {
    template: CONNECTION,
    version: 2,
    connectionMethods: { GET: getConnection, PATCH: patchConnection, DELETE: deleteConnection },
  },
  {
    template: `${CONNECTION}/test`,
    version: 2,
    connectionMethods: { POST: testConnection },
  },
  {
    template: `${CONNECTION}/sync`,
    version: 2,
    connectionMethods: { POST: syncConnection },
    bodyIsOptional: true,
  },
  {
    template: `${CONNECTION}/connect-card`,
    version: 2,
    connectionMethods: { POST: createConnectCard },
  },
  {
    template: `${CONNECTION}/fingerprints`,
    version: 1,
    connectionMethods: { POST: approveFingerprint },
  },
  {
    template: `${CONNECTION}/certificates`,
    version: 1,
    connectionMethods: { POST: approveCertificate },
  },
  {
    template: SCHEMAS,
    version: 1,
    connectionMethods: {
      GET: getSchemaConfig,
      POST: createSchemaConfig,
      PATCH: patchSchemaConfig,
    },
  },
  {
    template: `${SCHEMAS}/reload`,
    version: 1,
    connectionMethods: { POST: reloadSchemaConfig },
  },
  {
    template: `${SCHEMAS}/{schema}/tables/{table}/columns`,
    version: 1,
    connectionMethods: { GET: getColumns },
  },
  { template: '/v1/groups/{id}', version: 1, methods: { GET: getGroup } },
  { template: '/v1/groups/{id}/public-key', version: 1, methods: { GET: getPublicKey } },
  {
    template: '/v1/metadata/connector-types/{service}',
    version: 1,
    methods: { GET: getMetadata },
  },
];

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.template.replace(/\{\w+\}/g, '([^/]+)')}$`),
}));

/**
 * The route of a path, with the variable parts of the path decoded.
 * @param {string} path
 */
export function routeOf(path) {
  for (const { route, pattern } of PATTERNS) {
    const match = pattern.exec(path);
    if (match) return { route, params: match.slice(1).map(decoded) };
  }
  return undefined;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
