import { jsonType } from './fields.mjs';
import { failure, invalid } from './replies.mjs';

/** @typedef {import('../requests.mjs').SandboxRequest} SandboxRequest */

/**
 * What is wrong with a request's credentials.
 * @param {{ apiKey: string, apiSecret: string }} keys
 * @param {SandboxRequest} request
 */
export function authProblem({ apiKey, apiSecret }, { headers }) {
  const expected = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  const [scheme = '', given = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic' && given === expected) return undefined;
  return failure(401, 'Unauthorized', 'The API key or its secret is missing or not valid');
}

/**
 * What is wrong with the format that a request asks for.
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
  const message = `This endpoint answers ${allowed[0]}, the request accepts '${headers.accept}'`;
  return failure(406, 'NotAcceptable', message);
}

/**
 * What is wrong with a request's body, before any of its fields is looked at.
 * @param {SandboxRequest} request
 * @param {boolean} isOptional
 */
export function bodyProblem({ method, headers, body, rawBody }, isOptional) {
  if (method === 'GET' || method === 'DELETE') return undefined;
  if (rawBody === '') return isOptional ? undefined : invalid('The request has no body');
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    return failure(415, 'UnsupportedMediaType', `The body must be application/json, is '${type}'`);
  }
  if (body === undefined) return invalid('The body is not valid JSON');
  if (jsonType(body) !== 'object')
    return invalid(`The body must be an object, is ${jsonType(body)}`);
}
