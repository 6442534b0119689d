/**
 * The API's answer to one request, before any fault changes it.
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string> | undefined} [headers]
 * @property {unknown} [body] sent as JSON; a string is sent unchanged; undefined: no body
 * @property {number | undefined} [delayMs] how long the API takes to answer
 */

/**
 * A successful answer in Fivetran's envelope.
 * @param {{ status?: number, message?: string, data?: unknown, delayMs?: number }} parts
 * @returns {Answer}
 */
export function success({ status = 200, message, data, delayMs }) {
  return { status, body: { code: 'Success', message, data }, delayMs };
}

/**
 * An error in Fivetran's envelope.
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function failure(status, code, message, headers) {
  return { status, headers, body: { code, message } };
}

/**
 * The answer to an invalid body or query parameter.
 * @param {string} message
 */
export const invalid = (message) => failure(400, 'InvalidInput', message);

/** @param {unknown} id */
export const groupNotFound = (id) => failure(404, 'NotFound_Group', `Group '${id}' does not exist`);

/** @param {unknown} name */
export const serviceNotFound = (name) =>
  failure(404, 'NotFound_Service', `Service '${name}' does not exist`);

/** @param {{ id: string }} connection */
export const schemaConfigNotFound = ({ id }) =>
  failure(404, 'NotFound_SchemaConfig', `Connection with id '${id}' doesn't have schema config`);
