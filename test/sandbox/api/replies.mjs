/**
 * What the API answers to one request, before a fault has its way with it.
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string> | undefined} [headers]
 * @property {unknown} [body] sent as JSON; a string is sent as it is; undefined: no body
 * @property {number | undefined} [delayMs] how long the API takes for it
 */

/**
 * An answer of success, in Fivetran's envelope.
 * @param {{ status?: number, message?: string, data?: unknown, delayMs?: number }} parts
 * @returns {Answer}
 */
export function success({ status = 200, message, data, delayMs }) {
  return { status, body: { code: 'Success', message, data }, delayMs };
}

/**
 * An answer of failure, in Fivetran's envelope.
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
 * The answer to a body or a parameter that the API does not accept.
 * @param {string} message
 */
export const invalid = (message) => failure(400, 'InvalidInput', message);
