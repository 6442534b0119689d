import { namesSecret, secretStrings } from '../../src/secrets/secret-names.ts';

test.each([
  'password',
  'passwd',
  'passphrase',
  'db_password',
  'PASSWORD',
  'userPassword',
  'pass',
  'pwd',
  'secret',
  'client_secret',
  'secret_key',
  'secrets_list',
  'token',
  'access_token',
  'refresh_token',
  'sas_token',
  'api_key',
  'apiKey',
  'api_keys',
  'private_key',
  'access_key',
  'access_key_id',
  'encryption_key',
  'service_account_key',
  'consumer_key',
  'pat',
  'pem',
  'connection_string',
  'credentials',
  'authorization',
  'bearer',
  'signature',
])('%s names a secret', (key) => {
  expect(namesSecret(key)).toBe(true);
});

test.each([
  'host',
  'port',
  'user',
  'schema',
  'schema_prefix',
  'table',
  'primary_key',
  'public_key',
  'primaryKeys',
  'unique_key',
  'path',
  'patch',
  'compass',
  'keyword',
  'key_space',
  'sync_mode',
  'client_id',
  'account',
  'role_arn',
  'pattern',
])('%s does not', (key) => {
  expect(namesSecret(key)).toBe(false);
});

test('the strings under such a key are secrets at any depth, numbers and booleans are not', () => {
  const config = {
    host: 'db.example.com',
    password: 'one',
    nested: [{ api_key: 'two', user: 'ann' }],
    secrets_list: [{ key: 'three', value: 'four' }, ['five']],
    client_access: { client_id: 'id', client_secret: 'six' },
    token: 5,
    secret: true,
    private_key: null,
  };
  expect(secretStrings(config)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
});

test.each([undefined, null, 'text', 5, [], {}])('%j holds none', (value) => {
  expect(secretStrings(value)).toEqual([]);
});
