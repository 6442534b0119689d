import { connectCardOf } from '../sandbox/api/view.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import { answering, glimpses, runStep, visible } from './step.ts';

const token = 'eyJhbGciOiJIUzI1NiJ9.cardtoken-payload.cardtoken-signature';
const uri = `https://fivetran.com/connect-card/setup?auth=${token}`;
const answer = JSON.stringify({
  code: 'Success',
  data: { connect_card: { token, uri }, id: 'open_mosaic', group_id: 'decent_dropsy' },
});

/** No name to look up, so that the answer is all that is known; whatever comes back instead. */
const unreadable = (body: string, status = 201): SandboxOptions => ({
  faults: [{ method: 'POST', kind: 'status', when: 'after', status, body }],
});
const unnamed = { config: '', connect_card_config: 'redirect_uri: https://x.example' };

test.concurrent.each([
  ['in the token', answer.slice(0, answer.indexOf('payload'))],
  ['in the uri', answer.slice(0, answer.lastIndexOf('payload') + 3)],
  ['before its end', answer.slice(0, -1)],
  ['in a short token', '{"data":{"connect_card":{"token":"cardtoken-1'],
  ['in spaced JSON', `{ "connect_card" : { "token"\n :\n "${token}`],
  ['in JSON with escaped slashes', answer.slice(0, -9).replaceAll('/', '\\/')],
  ['in JSON within JSON', JSON.stringify({ message: answer }).slice(0, -1)],
  ['where it has no id', answer.replace('"id":"open_mosaic",', '')],
])('an answer that breaks off %s does not give the connect card away', async (_where, body) => {
  const ran = await runStep({ inputs: unnamed, env: { RUNNER_DEBUG: '1' } }, unreadable(body));
  expect(ran.exitCode).toBe(1);
  expect(visible(ran)).toContain('may exist');
  expect(glimpses(ran, /cardtoken|eyJhbGci/g)).toEqual([]);
});

test('nor does the sandbox itself with half of its JSON', async () => {
  const faults = [{ method: 'POST', path: '/v1/connections', kind: 'cut-json' as const }];
  const { connect_card_config } = unnamed;
  const ran = await runStep({ inputs: { connect_card_config } }, { faults });
  expect(ran.outputs.connection_id).toBe(ran.connections[0]?.id);
  const card = connectCardOf(Object({ id: ran.outputs.connection_id }));
  for (const part of card.token.split('.')) expect(visible(ran)).not.toContain(part);
});

test('the connect card is in no test, task or unknown field either', async () => {
  const setup_tests = [{ title: `at ${uri}`, status: 'FAILED', message: token, details: { uri } }];
  const status = { setup_state: 'incomplete', tasks: [{ code: 'x', message: uri }] };
  const data = { connect_card: { token, uri }, setup_tests, status, another: { [token]: uri } };
  const ran = await runStep({}, answering(data));
  expect(ran.outputs.connect_card_uri).toBe(uri);
  expect(ran.masks).toEqual(expect.arrayContaining([token, uri]));
  expect(glimpses(ran, /cardtoken|eyJhbGci/g)).toEqual([]);
});
