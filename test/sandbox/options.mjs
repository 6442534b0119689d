/**
 * How the sandbox behaves. Every option has a default.
 * @typedef {object} SandboxOptions
 * @property {number} [port] 0, the default, takes any free port
 * @property {string} [host]
 * @property {{ key: string, cert: string }} [tls] serve https with this key and certificate (PEM)
 * @property {string} [apiKey]
 * @property {string} [apiSecret]
 * @property {string} [scenario] the scenario of every connection, see scenarios.mjs
 * @property {(body: import('./api/state.mjs').Fields) => string | undefined} [scenarioFor] chooses a
 *   connection's scenario from the body of its create request; undefined falls back to `scenario`
 * @property {number} [latencyMs] delay of each answer; the request is processed before the delay
 * @property {number} [gather] ends the delay of all answers (`latencyMs`) soon after so many requests
 *   have met
 * @property {number} [clockSkewMs] error of the server's clock, in `Date` and in every timestamp
 * @property {() => number} [now] the server's clock in milliseconds, instead of the system's
 * @property {import('./faults.mjs').Fault[]} [faults]
 * @property {{ id: string, name: string }[]} [groups]
 * @property {import('./api/connection/store.mjs').Seed[]} [connections] connections that exist from the start
 * @property {'known' | 'any'} [services] `any` accepts services without metadata
 * @property {400 | 409} [conflictStatus] status of a create whose name is taken
 * @property {'some' | 'all' | 'none'} [namingFields] which services have the naming fields in the
 *   `config` of an answer; `some`, the default: those whose only one is `schema`
 * @property {6 | 8} [asterisks] how many stand for a secret in an answer; by default 8 in services
 *   with a `schema_prefix`, and 6 in the others
 * @property {'left out' | 'answered'} [emptyValues] null, "", [] and {} in the `config` of an
 *   answer, at every depth
 * @property {'sent' | 'text'} [numbers] whether numbers in the `config` of an answer become text
 * @property {'sent' | 'reversed'} [listOrder] order of the lists in the `config` of an answer
 * @property {'answered' | 'hidden'} [schedule] whether answers have the `schedule` of a connection
 * @property {'with config' | 'without config'} [listItems] the connections in a list
 * @property {number} [listLagMs] how long after its creation a connection is in no list yet
 * @property {number} [syncSeconds] duration of a sync
 * @property {number} [rescheduleSeconds] how long a rescheduled sync waits
 * @property {'manual' | 'automatic'} [initialSync] `automatic`: a connected, unpaused connection
 *   that has never synced starts its first sync by itself, as at Fivetran
 * @property {import('./fixtures.mjs').HostKey[]} [hostKeys] presented by a source with SSH
 * @property {import('./fixtures.mjs').Certificate[]} [certificates] presented by a source with TLS
 * @property {Record<string, import('./source-trees.mjs').SourceTree>} [sourceTree] what sources
 *   contain, by service; replaces the default of the services that it names
 * @property {string[]} [servicesWithoutReload] services that answer a schema reload with
 *   `NotSupported_SchemaReload`
 * @property {'bare' | 'enveloped'} [fingerprintAnswer] what the approval of a host key answers: the
 *   fingerprint itself, as the API's reference says (the default), or in the envelope of all other
 *   answers
 * @property {number} [reloadSeconds] duration of a schema reload
 * @property {'whole' | 'changed'} [schemaPatchAnswer] what a PATCH of the schema config answers:
 *   the whole tree, or only the items that it changed (the default)
 * @property {((stored: import('./api/state.mjs').StoredConnection) => void)[]} [schemaConflicts]
 *   concurrent changes: each PATCH of a schema config takes the next one, applies it to the
 *   connection and answers 409
 * @property {import('./limits.mjs').Limits} [limits] rolling windows, beyond which a request is
 *   answered with 429 and `Retry-After`; none by default
 * @property {(line: string) => void} [log] called for every request
 */

export {};
