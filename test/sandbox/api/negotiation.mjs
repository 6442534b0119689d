import { jsonType } from './json-type.mjs';
import { failure, invalid } from './replies.mjs';

/** @typedef {import('../requests.mjs').SandboxRequest} SandboxRequest */

/**
 * Checks the request's credentials.
 * @param {{ apiKey: string, apiSecret: string }} keys
 * @param {SandboxRequest} request
 */
export function authProblem({ apiKey, apiSecret }, { headers }) {
  const expected = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic' && credentials === expected) return undefined;
  return failure(401, 'Unauthorized', 'The API key or secret is missing or invalid');
}

/**
 * Checks the `Accept` header against the API version of the endpoint.
 * @param {SandboxRequest} request
 * @param {1 | 2} version
 */
export function acceptProblem({ headers }, version) {
  const formats = (headers.accept ?? '*/*').toLowerCase().replace(/\s/g, '').split(',');
  const allowed =
    version === 2
      ? ['application/json;version=2']
      : ['application/json', 'application/json;version=1', '*/*'];
  if (formats.some((format) => allowed.includes(format))) return undefined;
  const message = `This endpoint serves ${allowed[0]}, but the request accepts '${headers.accept}'`;
  return failure(406, 'NotAcceptable', message);
}

/**
 * Checks that the request's body is a JSON object.
 * @param {SandboxRequest} request
 * @param {boolean} isOptional
 */
export function bodyProblem({ method, headers, body, rawBody }, isOptional) {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (rawBody === '') return isOptional ? undefined : invalid('The request body is missing');
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    const message = `The body must be application/json, but is '${type}'`;
    return failure(415, 'UnsupportedMediaType', message);
  }
  if (body === undefined) return invalid('The body is not valid JSON');
  if (jsonType(body) !== 'object') {
    return invalid(`The body must be an object, but is ${jsonType(body)}`);
  }
}
