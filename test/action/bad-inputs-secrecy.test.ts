import { glimpses, runStep, visible } from './step.ts';

const secret = 'hunter2hunter2';

test.concurrent.each([
  ['a list and no mapping', `- ${secret}`, secret],
  ['an alias and a tag', `password: *${secret}`, `password: !${secret} x`],
  ['an unclosed quote and a directive', `password: "${secret}`, `%${secret}\n---\na: b`],
  ['a merge and words too many', `<<: ${secret}`, `password: "x" ${secret}`],
  ['broken JSON and a block header', `{"password": "${secret}`, `password: |${secret}`],
  ['the braces of a template', `password: {{ ${secret} }}`, `? [${secret}]\n: 1`],
])('malformed YAML with %s does not tell what stands in it', async (_what, config, auth) => {
  const ran = await runStep({ inputs: { config, auth, sync_frequency: '7' } });
  expect(ran.exitCode).toBe(1);
  expect(ran.requests).toHaveLength(0);
  expect(glimpses(ran, /hunter2/g)).toEqual([]);
});

test('credentials in api_url are not told', async () => {
  const ran = await runStep({ inputs: { api_url: `https://ann:${secret}@api.fivetran.example` } });
  expect(ran.exitCode).toBe(1);
  expect(ran.requests).toHaveLength(0);
  expect(visible(ran)).toContain('api_url');
  expect(glimpses(ran, /hunter2/g)).toEqual([]);
});

test('a value that came in through ${NAME} is not told, even where it is cut', async () => {
  const connect_card_config = `redirect_uri: ftp://x.example/${'x'.repeat(72)}\${TOKEN}`;
  const inputs = { connect_card_config, auth: 'token: ${TOKEN}' };
  const ran = await runStep({ inputs, env: { TOKEN: secret } });
  expect(ran.exitCode).toBe(1);
  expect(visible(ran)).toContain('redirect_uri');
  expect(glimpses(ran, /hunt/g)).toEqual([]);
});

test('what a mapping holds is not told with the problems of other inputs', async () => {
  const config = `{host: ${secret}, password: "x${secret}", "a": "\${UNSET}"}`;
  const ran = await runStep({ inputs: { config, sync_frequency: '7', auth: `[${secret}]` } });
  expect(ran.exitCode).toBe(1);
  expect(glimpses(ran, /hunter2/g)).toEqual([]);
});
