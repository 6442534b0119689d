import { read } from './reading.ts';

const secret = 'hunter2hunter2';

test.each([
  ['a list and no mapping', `- ${secret}`, secret],
  ['an alias and a tag', `password: *${secret}`, `password: !${secret} x`],
  ['an unclosed quote and a directive', `password: "${secret}`, `%${secret}\n---\na: b`],
  ['a merge and words too many', `<<: ${secret}`, `password: "x" ${secret}`],
  ['broken JSON and a block header', `{"password": "${secret}`, `password: |${secret}`],
  ['the braces of a template', `password: {{ ${secret} }}`, `? [${secret}]\n: 1`],
])('malformed YAML with %s does not show what stands in it', async (_what, config, auth) => {
  const { error } = await read({ config, auth, sync_frequency: '7' });
  expect(error).toMatch(/^3 problems/);
  expect(error).not.toContain('hunter2');
});

test('problems of other inputs do not quote the values of a mapping', async () => {
  const config = `{host: ${secret}, password: "x${secret}", "a": "\${UNSET}"}`;
  const { error } = await read({ config, sync_frequency: '7', auth: `[${secret}]` });
  expect(error).toMatch(/^3 problems/);
  expect(error).not.toContain('hunter2');
});

test('a value from ${NAME} is never quoted, in any field', async () => {
  const env = { TOKEN: secret, CARD: `ftp://x.example/${secret}` };
  const { error } = await read(
    {
      connect_card_config: 'redirect_uri: ${CARD}${CARD}\nall_fields: "${TOKEN}"',
      destination_configuration: 'virtual_warehouse: ["${TOKEN}"]',
      schema_change_handling: 'ALLOW_ALL',
      schemas: '"${TOKEN}": {tables: {x: {sync_mode: "${TOKEN}"}, "${TOKEN}": {y: 1}}}',
    },
    env,
  );
  expect(error).toMatch(/^5 problems/);
  expect(error).toContain('must be an http or https URL, got the value of ${CARD}.');
  expect(error).toContain(
    'sync_mode: must be SOFT_DELETE, HISTORY, or LIVE, got the value of ${TOKEN}.',
  );
  expect(error).toContain('schemas.${TOKEN}.tables.${TOKEN}.y: unknown field');
  expect(error).not.toContain('hunter2');
});

test('a private key in the wrong input is not quoted', async () => {
  const trusted_fingerprints = '-----BEGIN OPENSSH PRIVATE KEY-----';
  const { error } = await read({ trusted_fingerprints, private_link_id: 'x' });
  expect(error).toContain('trusted_fingerprints[0]: must be an SSH host key');
  expect(error).toContain('got a string.');
});
