/** Whether names that match a pattern are secrets, and why. */
type Rule = { pattern: RegExp; secret: boolean; reason: string };

/*
 * The first matching rule decides; a name that matches none is not a secret. Names are compared in
 * snake case: apiKey and API-Key are api_key. The rules were measured against the fields of all
 * services in Fivetran's OpenAPI document, which marks secrets with `format: password`.
 */
const nameRules: readonly Rule[] = [
  {
    pattern: /(^|_)(webhook|sas|connection)_ur[il]$/,
    secret: true,
    reason: 'a URL that needs no further credentials, or contains them',
  },
  {
    pattern:
      /_(ur[il]|endpoint|host|name|source|type|kind|environment|region|encoding|format|version|algorithm|method|mode|ttl|expiry|expir(es|ation)(_(at|in|on))?)$/,
    secret: false,
    reason: 'a property of a secret, such as token_url or pat_name, not the secret itself',
  },
  { pattern: /^(is|has|use|enable|require)_/, secret: false, reason: 'a switch' },
  { pattern: /^primary_key$/, secret: true, reason: "one service's subscription key" },
  {
    pattern:
      /(^|_)(public_?(key|cert(ificate)?)|(primary|foreign|partition|sort|cluster(ing)?|natural|composite|unique)_?key)s?$/,
    secret: false,
    reason: 'the public half of a pair, or columns of a table',
  },
  {
    pattern: /(^|_)(project|header)_key$/,
    secret: false,
    reason: 'the short name of a project, or the name of an HTTP header',
  },
  { pattern: /^token_authenticated_/, secret: false, reason: 'what a token gives access to' },
  { pattern: /^key_id$/, secret: false, reason: 'an identifier of a key' },
  {
    pattern: /external_secrets|secrets?_manager/,
    secret: false,
    reason: 'where secrets are stored',
  },
  { pattern: /pass_?(word|wd|phrase|code)|pwd/, secret: true, reason: 'a password' },
  { pattern: /(^|_)pass(es)?$/, secret: true, reason: 'a password, abbreviated' },
  { pattern: /secret/, secret: true, reason: 'called a secret' },
  { pattern: /tokens?(_|$)/, secret: true, reason: 'an access or refresh token' },
  {
    pattern: /(^|_)(authorization|bearer|cookies?|jwt|signature|sas|pats?|pin)(_|$)/,
    secret: true,
    reason: 'authenticates a request',
  },
  { pattern: /credentials?$/, secret: true, reason: 'credentials as one text' },
  {
    pattern: /(^|_)(dsn|connection_?string)$/,
    secret: true,
    reason: 'an address that contains the password',
  },
  {
    pattern:
      /(_|^|api|access|secret|private|account|encryption|master)keys?(_(\d+|id|file|path|backup|content|body|value|data|json|pem))?$/,
    secret: true,
    reason: 'an API key, a private key, or the file that holds one',
  },
  {
    pattern: /(^|_)cert(ificate)?(_(id|file|path|backup|content|data|pem))?$|pem$/,
    secret: true,
    reason: 'a certificate, which often comes with its private key',
  },
  { pattern: /(key|trust)_?store$/, secret: true, reason: 'a store of keys' },
  { pattern: /role_arn$/, secret: true, reason: 'a role that Fivetran assumes' },
  {
    pattern: /(^|_)api_user(_?name|_identifier)$/,
    secret: true,
    reason: 'the first half of an API credential',
  },
  {
    pattern:
      /^(query_param_value|auth_code|function_trigger|app_id|business_id|short_code|audience)$/,
    secret: true,
    reason: 'marked as a secret by Fivetran, though the name does not say so',
  },
];

/** Whether a field with this name holds a secret. */
export function namesSecret(key: string): boolean {
  const name = wordsOf(key);
  return nameRules.find(({ pattern }) => pattern.test(name))?.secret ?? false;
}

/** Whether a field that names a secret holds a mere identifier, which may be plain text. */
export const namesHarmlessSecret = (key: string): boolean =>
  /role_arn$|_user(_?name|_identifier)?$|^(external_id|app_id|business_id|short_code|audience)$/.test(
    wordsOf(key),
  );

const wordsOf = (key: string): string =>
  key
    .replace(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
