import { readManifest } from './reading.ts';

const env = { CRM_PASSWORD: 'crm "pass\\word', ADS_TOKEN: 'ads-token-from-env' };
const defaults = { group_id: 'decent_dropsy', service: 'anything' };

test('values that form connection names are not masked', async () => {
  const named = { defaults, connections: { crm: { config: { schema: 'crm_pr_${PART}' } } } };
  const { masks } = await readManifest(named, {}, { PART: 'feature-x' });
  expect(masks).not.toContain('feature-x');
});

test('an invalid manifest masks its secrets and prints none', async () => {
  const wrong = {
    defaults,
    connections: {
      crm: {
        config: {
          schema: 'crm',
          password: '${CRM_PASSWORD}',
          account_token: ['literal-in-the-file'],
        },
        sync_frequency: 7,
      },
      ads: { auth: '${ADS_TOKEN}', api_secret: 'literal-misplaced' },
      // Meant for an entry's config, but not indented enough.
      password: 'literal-not-indented',
    },
  };
  const { error, masks } = await readManifest(wrong, {}, env);
  expect(error).toMatch(/connections\.crm\.sync_frequency: must be .*, got 7\./);
  expect(error).toContain('connections.password: must be a mapping of fields, got a string.');
  expect(error).toContain(
    'connections.ads.auth: must be a mapping of names to values, got the value of ${ADS_TOKEN}.',
  );
  for (const secret of [
    env.CRM_PASSWORD,
    env.ADS_TOKEN,
    'literal-in-the-file',
    'literal-misplaced',
  ]) {
    expect(masks).toContain(secret);
    expect(error).not.toContain(secret);
  }
  expect(error).not.toContain('literal-not-indented');
});
