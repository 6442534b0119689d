import { plainInputs, readInputs } from './reading.ts';

const { group_id, service, config } = plainInputs;
const encode = (text: string) => Buffer.from(text).toString('base64');

const read = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
  readInputs({ group_id, service, config, ...inputs }, env);

const pairOf = async (inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const { settings, error } = await read(inputs, env);
  return settings ? `${settings.api.key}:${settings.api.secret}` : error;
};

const inputPair = { api_key: 'input-key', api_secret: 'input-secret' };
const envPair = { FIVETRAN_APIKEY: 'env-key', FIVETRAN_APISECRET: 'env-secret' };
const envEncoded = { FIVETRAN_API_KEY: encode('encoded-key:encoded:secret') };
const inputEncoded = { api_key: encode('other-key:other-secret') };

test.each([
  ['the inputs', inputPair, {}, 'input-key:input-secret'],
  [
    'the inputs before the environment',
    inputPair,
    { ...envPair, ...envEncoded },
    'input-key:input-secret',
  ],
  ['the environment', {}, envPair, 'env-key:env-secret'],
  ['the pair before the encoded form', {}, { ...envPair, ...envEncoded }, 'env-key:env-secret'],
  ['the encoded form', {}, envEncoded, 'encoded-key:encoded:secret'],
  [
    'the encoded form of a line',
    {},
    { FIVETRAN_API_KEY: encode('line-key:line-secret\n') },
    'line-key:line-secret',
  ],
  ['the encoded form as an input', inputEncoded, {}, 'other-key:other-secret'],
  [
    'the encoded input before a pair of the environment',
    inputEncoded,
    envPair,
    'other-key:other-secret',
  ],
  ['one half here and one there', { api_key: 'input-key' }, envPair, 'input-key:env-secret'],
  ['the other half here', { api_secret: 'input-secret' }, envPair, 'env-key:input-secret'],
  [
    'a key of Base64 that is no pair',
    { api_key: encode('abc'), api_secret: 's' },
    {},
    `${encode('abc')}:s`,
  ],
  [
    'an encoded key beside its secret, as a key',
    { ...inputEncoded, api_secret: 's' },
    {},
    `${inputEncoded.api_key}:s`,
  ],
])('the credentials come from %s', async (_what, inputs, env, pair) => {
  expect(await pairOf(inputs as Record<string, string>, env)).toBe(pair);
});

test.each(['\n', ' ', '\r\n', '\t'])(
  'whitespace around every source is trimmed: %j',
  async (space) => {
    const around = (values: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, space + value + space]),
      );
    expect(await pairOf(around(inputPair))).toBe('input-key:input-secret');
    expect(await pairOf({}, around(envPair))).toBe('env-key:env-secret');
    expect(await pairOf({}, around(envEncoded))).toBe('encoded-key:encoded:secret');
    expect(await pairOf(around(inputEncoded))).toBe('other-key:other-secret');
    expect(await pairOf({ api_key: space, api_secret: space }, envPair)).toBe('env-key:env-secret');
    expect(await pairOf(inputPair, { FIVETRAN_APIKEY: space })).toBe('input-key:input-secret');
  },
);

test('an encoded key can contain line breaks and lack padding', async () => {
  const encoded = encode('a-key-of-some-length:a-secret-of-some-length! ');
  const wrapped = encoded.replace(/=+$/, '').replace(/.{20}/g, '$&\r\n');
  expect(await pairOf({ api_key: wrapped })).toBe('a-key-of-some-length:a-secret-of-some-length!');
});

test.each([
  [{ api_key: 'abcdefghijklmnop' }, {}, 'api_secret', 'api_key'],
  [{ api_secret: 'the-secret' }, {}, 'api_key', 'api_secret'],
  [{}, { FIVETRAN_APIKEY: 'the-key' }, 'api_secret', 'FIVETRAN_APIKEY'],
  [{}, { FIVETRAN_APISECRET: 'the-secret' }, 'api_key', 'FIVETRAN_APISECRET'],
  [{}, { FIVETRAN_APIKEY: 'the-key', ...envEncoded }, 'api_secret', 'FIVETRAN_APIKEY'],
  [{ api_key: 'abcdefghijklmnop' }, envEncoded, 'api_secret', 'api_key'],
  [{ api_key: encode('no colon in it') }, {}, 'api_secret', 'api_key'],
  [{ api_key: encode(':secret') }, {}, 'api_secret', 'api_key'],
  [{ api_key: encode('key:') }, {}, 'api_secret', 'api_key'],
  [{ api_key: encode('k\ty:secret') }, {}, 'api_secret', 'api_key'],
  [{ api_key: encode('key:sec\tret') }, {}, 'api_secret', 'api_key'],
  [{ api_key: `${encode('a:b')}.` }, {}, 'api_secret', 'api_key'],
])(
  'half a pair is an error that names the other half: %j %j',
  async (inputs, env, missing, given) => {
    const { problems, error } = await read(
      inputs as Record<string, string>,
      env as Record<string, string>,
    );
    expect(problems).toEqual([
      { path: [missing], message: expect.stringContaining(`missing, although ${given} is set.`) },
    ]);
    const variable = missing.replace('api_', 'FIVETRAN_API').toUpperCase();
    expect(error).toContain(
      ` Set ${missing}, or ${variable} in the step's env. A secret whose name`,
    );
    expect(error.includes('Base64')).toBe(given === 'api_key');
    for (const value of [...Object.values(inputs), ...Object.values(env)]) {
      expect(error).not.toContain(value);
    }
  },
);

test('an unencoded FIVETRAN_API_KEY is refused with the expected format', async () => {
  const { problems, error } = await read({}, { FIVETRAN_API_KEY: 'plain-key-of-mine' });
  expect(problems).toEqual([
    {
      path: ['FIVETRAN_API_KEY'],
      message: expect.stringMatching(
        /^must be the Base64-encoded key:secret .* set FIVETRAN_APIKEY and FIVETRAN_APISECRET\.$/,
      ),
    },
  ]);
  expect(error).not.toContain('plain-key-of-mine');
});

test('missing credentials list every way to set them and the usual causes', async () => {
  const { problems, error } = await read({});
  expect(problems.map(({ path }) => path)).toEqual([['api_key']]);
  for (const word of [
    'api_secret',
    'FIVETRAN_APIKEY',
    'FIVETRAN_APISECRET',
    'fork',
    'Dependabot',
    'misspelled',
  ]) {
    expect(error).toContain(word);
  }
});

test.each([
  [inputPair, {}, 'input-key', 'input-secret'],
  [{}, envPair, 'env-key', 'env-secret'],
  [{}, envEncoded, 'encoded-key', 'encoded:secret'],
  [inputEncoded, {}, 'other-key', 'other-secret'],
])('every form of %j %j is masked', async (inputs, env, key, secret) => {
  const { masks } = await read(inputs as Record<string, string>, env as Record<string, string>);
  expect(masks).toEqual(expect.arrayContaining([key, secret, encode(`${key}:${secret}`)]));
});

test('credentials are masked even when the inputs are refused', async () => {
  const { masks, settings } = await read({ ...inputEncoded, sync_frequency: '7' }, envPair);
  expect(settings).toBeUndefined();
  expect(masks).toEqual(
    expect.arrayContaining([
      'other-key',
      'other-secret',
      inputEncoded.api_key,
      'env-key',
      'env-secret',
    ]),
  );
});
