import { answeringCreate } from '../harness/faults.ts';
import { secretsIn, visible } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { connectCardOf } from '../sandbox/api/connection/view.mjs';
import type { SandboxOptions } from '../sandbox/sandbox.mjs';

const token = 'eyJhbGciOiJIUzI1NiJ9.cardtoken-payload.cardtoken-signature';
const uri = `https://fivetran.com/connect-card/setup?auth=${token}`;
const answer = JSON.stringify({
  code: 'Success',
  data: { connect_card: { token, uri }, id: 'open_mosaic', group_id: 'decent_dropsy' },
});

/** An answer to the create that cannot be used. */
const unreadable = (body: string, status = 201): SandboxOptions => ({
  faults: [{ method: 'POST', kind: 'status', when: 'after', status, body }],
});
/** Without a name there is nothing to look up, so the answer is all that is known. */
const unnamed = { config: '', connect_card_config: 'redirect_uri: https://x.example' };

test.each([
  ['in the token', answer.slice(0, answer.indexOf('payload'))],
  ['in the uri', answer.slice(0, answer.lastIndexOf('payload') + 3)],
  ['before its end', answer.slice(0, -1)],
  ['in a short token', '{"data":{"connect_card":{"token":"cardtoken-1'],
  ['in spaced JSON', `{ "connect_card" : { "token"\n :\n "${token}`],
  ['in JSON with escaped slashes', answer.slice(0, -9).replaceAll('/', '\\/')],
  ['in JSON within JSON', JSON.stringify({ message: answer }).slice(0, -1)],
  ['where it has no id', answer.replace('"id":"open_mosaic",', '')],
])('an answer that is cut %s does not reveal the connect card', async (_where, body) => {
  const run = await runStep({ inputs: unnamed, env: { RUNNER_DEBUG: '1' } }, unreadable(body));
  expect(run.exitCode).toBe(1);
  expect(visible(run)).toContain('may exist');
  expect(secretsIn(run, /cardtoken|eyJhbGci/g)).toEqual([]);
});

test('half of a real answer does not reveal the connect card', async () => {
  const faults = [{ method: 'POST', path: '/v1/connections', kind: 'cut-json' as const }];
  const { connect_card_config } = unnamed;
  const run = await runStep({ inputs: { connect_card_config } }, { faults });
  expect(run.outputs.connection_id).toBe(run.connections[0]?.id);
  const card = connectCardOf(Object({ id: run.outputs.connection_id }));
  for (const part of card.token.split('.')) expect(visible(run)).not.toContain(part);
});

test('the connect card is redacted in setup tests, tasks and unknown fields', async () => {
  const setup_tests = [{ title: `at ${uri}`, status: 'FAILED', message: token, details: { uri } }];
  const status = { setup_state: 'incomplete', tasks: [{ code: 'x', message: uri }] };
  const data = { connect_card: { token, uri }, setup_tests, status, another: { [token]: uri } };
  const run = await runStep({}, answeringCreate(data));
  expect(run.outputs.connect_card_uri).toBe(uri);
  expect(run.masks).toEqual(expect.arrayContaining([token, uri]));
  expect(secretsIn(run, /cardtoken|eyJhbGci/g)).toEqual([]);
});
