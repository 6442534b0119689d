import type { Problem } from './problem.ts';
import type { StepSource } from './step-inputs.ts';

/** An API key and its secret. */
export type Credentials = { key: string; secret: string };

/**
 * Reads the API key and secret. Inputs win over the environment, and in each of them the pair wins
 * over the Base64-encoded `key:secret` that Fivetran's dashboard shows and its CLI reads. Masks
 * every form.
 */
export function readCredentials({ input, env, mask }: StepSource): Credentials | Problem {
  const given = {
    api_key: input('api_key').trim(),
    api_secret: input('api_secret').trim(),
    FIVETRAN_APIKEY: (env.FIVETRAN_APIKEY ?? '').trim(),
    FIVETRAN_APISECRET: (env.FIVETRAN_APISECRET ?? '').trim(),
    FIVETRAN_API_KEY: (env.FIVETRAN_API_KEY ?? '').trim(),
  };
  for (const value of Object.values(given)) if (value) mask(value);
  const found = choose(given);
  if ('key' in found) {
    const { key, secret } = found;
    for (const form of [key, secret, encode(`${key}:${secret}`)]) mask(form);
  }
  return found;
}

type GivenCredentials = Record<
  'api_key' | 'api_secret' | 'FIVETRAN_APIKEY' | 'FIVETRAN_APISECRET' | 'FIVETRAN_API_KEY',
  string
>;

function choose(given: GivenCredentials): Credentials | Problem {
  if (given.api_key && !given.api_secret) {
    const decoded = decodePair(given.api_key);
    if (decoded) return decoded;
  }
  const key = given.api_key || given.FIVETRAN_APIKEY;
  const secret = given.api_secret || given.FIVETRAN_APISECRET;
  if (key && secret) return { key, secret };
  if (key) {
    const source = given.api_key ? 'api_key' : 'FIVETRAN_APIKEY';
    const encoded = given.api_key ? ' It is not a Base64-encoded key:secret either.' : '';
    const message = `missing, although ${source} is set.${encoded} Set api_secret, or FIVETRAN_APISECRET in the step's env. ${usualCause}`;
    return { path: ['api_secret'], message };
  }
  if (secret) {
    const source = given.api_secret ? 'api_secret' : 'FIVETRAN_APISECRET';
    const message = `missing, although ${source} is set. Set api_key, or FIVETRAN_APIKEY in the step's env. ${usualCause}`;
    return { path: ['api_key'], message };
  }
  if (given.FIVETRAN_API_KEY) {
    const message =
      'must be the Base64-encoded key:secret that the Fivetran dashboard shows. To pass the key and the secret separately, set FIVETRAN_APIKEY and FIVETRAN_APISECRET.';
    return decodePair(given.FIVETRAN_API_KEY) ?? { path: ['FIVETRAN_API_KEY'], message };
  }
  const message = `missing. Set api_key and api_secret, or FIVETRAN_APIKEY and FIVETRAN_APISECRET in the step's env. ${usualCause}`;
  return { path: ['api_key'], message };
}

const usualCause =
  'A secret whose name is misspelled is empty, and by default GitHub passes no secrets to workflows that run for a fork or for Dependabot.';

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Decodes a Base64-encoded `key:secret`; undefined for anything else, such as a plain key. */
function decodePair(encoded: string): Credentials | undefined {
  const compact = encoded.replace(/\s/g, '');
  const text = Buffer.from(compact, 'base64').toString('latin1');
  if (encode(text).replace(/=+$/, '') !== compact.replace(/=+$/, '')) return undefined;
  const [, key, secret] = /^([\x21-\x39\x3b-\x7e]+):([\x20-\x7e]+)$/.exec(text.trim()) ?? [];
  return key && secret ? { key, secret: secret.trim() } : undefined;
}
