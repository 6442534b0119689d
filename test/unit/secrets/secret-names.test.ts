import { namesSecret } from '../../../src/secrets/secret-names.ts';
import { secretValues } from '../../../src/secrets/secret-values.ts';

test.each([
  ...['password', 'passwd', 'passphrase', 'pgp_pass_phrase', 'db_password', 'PASSWORD', 'pass'],
  ...['userPassword', 'dbPass', 'pwd', 'secret', 'client_secret', 'secrets_list', 'clientSecret'],
  ...['token', 'access_token', 'refresh_token', 'sas_token', 'token_id', 'accessToken', 'jwt'],
  ...['api_key', 'apiKey', 'API-Key', 'apikey', 'api_keys', 'api_key_2', 'x_key', 'access_key'],
  ...['access_key_id', 'private_key', 'tde_private_key_path', 'encryption_key', 'key'],
  ...['service_account_key', 'consumer_key', 'keystore', 'truststore', 'pat', 'pats', 'pem', 'pin'],
  ...['certificate', 'client_cert', 'tde_certificate_backup', 'trusted_cert', 'ws_certificate'],
  ...['connection_string', 'connection_uri', 'dsn', 'webhook_url', 'blob_sas_url', 'cookie'],
  ...['credentials', 'authorization', 'bearer', 'signature', 'role_arn', 's3role_arn'],
  ...['query_param_value', 'auth_code', 'function_trigger', 'app_id', 'primary_key'],
  ...['passcode', 'passes', 'blob_sas', 'cookies', 'pin_code', 'http_authorization', 'credential'],
  ...['sentry_dsn', 'connectionstring', 'accesskey', 'privatekey', 'accountkey', 'encryptionkey'],
  ...['masterkey', 'key_file', 'key_backup', 'key_content', 'key_body', 'key_value', 'key_data'],
  ...['key_json', 'cert_id', 'cert_file', 'cert_path', 'cert_content', 'cert_data', 'key_store'],
  ...['trust_store', 'api_username', 'api_user_identifier', 'business_id', 'short_code', 's3Key'],
  ...['audience', 'basis_token', 'unique_key_token'],
])('%s names a secret', (key) => {
  expect(namesSecret(key)).toBe(true);
});

test.each([
  ...['host', 'port', 'user', 'schema', 'schema_prefix', 'table', 'path', 'patch', 'compass'],
  ...['public_key', 'signer_public_key', 'primaryKeys', 'unique_key', 'partition_keys'],
  ...['keyword', 'key_space', 'sync_mode', 'client_id', 'account', 'pattern', 'bypass_proxy'],
  ...['token_url', 'oauth_token_endpoint_url', 'token_url_region', 'secret_encoding', 'url'],
  ...['credentials_source', 'enhanced_pass_ticket_type', 'pat_name', 'refresh_token_expires_at'],
  ...['project_key', 'auth_header_key', 'token_authenticated_database', 'is_private_key_encrypted'],
  ...['external_secrets_manager_id', 'external_secrets_keys_config', 'trusted_certificates'],
  ...['token_endpoint', 'token_host', 'token_source', 'token_type', 'secret_kind', 'secret_format'],
  ...['secret_environment', 'secret_version', 'token_algorithm', 'token_method', 'token_mode'],
  ...[
    'token_ttl',
    'token_expiry',
    'token_expiration',
    'token_expires_in',
    'is_token',
    'has_secret',
  ],
  ...['use_token', 'enable_token', 'require_password', 'table_primary_key', 'publickey', 'key_id'],
  ...['foreign_key', 'sort_key', 'cluster_key', 'clustering_key', 'natural_key', 'composite_key'],
  ...['secrets_manager_arn', 'secret_manager_path', 'pass_through', 'tokenizer', 'spin', 'concert'],
  ...['credentials_bucket', 'facebook_app_id', 'kansas_url', 'webhook_url_template'],
  ...['client_public_certificate', 'constructor', '__proto__', 'toString', ''],
])('%s does not name a secret', (key) => {
  expect(namesSecret(key)).toBe(false);
});

const textsIn = (value: unknown) => secretValues(value).map((one) => one.value);

test('strings and numbers under a secret key are secrets at any depth', () => {
  const config = {
    host: 'db.example.com',
    password: 'one',
    nested: [{ api_key: 'two', user: 'ann' }],
    client_access: { client_id: 'id', client_secret: 'three' },
    tokens: ['four', { inner: 'five' }],
    pin: 4711,
    secret: true,
    private_key: null,
  };
  expect(textsIn(config)).toEqual(['one', 'two', 'three', 'four', 'five', '4711']);
});

test('in a key-value pair, the value is the secret, not the label', () => {
  const config = {
    secrets_list: [{ key: 'host', value: 'one' }, { name: 'user', value: 'two' }, ['three']],
    parameters: [
      { key: 'api_token', value: 'four', scope: 'read' },
      { name: 'region', value: 'eu-west-1' },
    ],
    token: { key: 'x', value: 'five' },
  };
  expect(textsIn(config)).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('a key without a value beside it is not a label', () => {
  expect(textsIn({ key: 'one' })).toEqual(['one']);
});

test('a mapping of credentials is judged field by field', () => {
  const config = {
    aws_credentials: { bucket_name: 'public', home_folder: 'public', access_key: 'one' },
    gcsCredentials: { bucket: 'public' },
    service_account_credentials: '{"two": 2}',
  };
  expect(textsIn(config)).toEqual(['one', '{"two": 2}']);
});

test('each secret has its path', () => {
  expect(secretValues({ a: [{ token: 'x' }] })).toEqual([{ path: ['a', 0, 'token'], value: 'x' }]);
});

test.each([undefined, null, 'text', 5, [], {}])('%j contains no secret', (value) => {
  expect(secretValues(value)).toEqual([]);
});
