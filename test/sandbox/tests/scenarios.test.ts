import { startSandbox } from '../sandbox.mjs';
import { scenarioNamed, scenarioNames } from '../scenarios.mjs';
import { closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

const BODY = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { schema: 'a', api_key: 'key-of-the-source' },
};

test.each([
  ['unauthorized', 401],
  ['forbidden', 403],
  ['not-found', 404],
  ['server-error', 500],
  ['html-error', 502],
  ['hostile-error', 400],
])('%s refuses every request', async (scenario, status) => {
  const { sandbox, call } = await open({ scenario });
  expect(await call('POST', PATH, BODY)).toMatchObject({ status });
  expect(await call('GET', PATH)).toMatchObject({ status });
  expect(sandbox.connections).toHaveLength(0);
});

test('rate-limited accepts the third request', async () => {
  const { call } = await open({ scenario: 'rate-limited' });
  for (const status of [429, 429, 201]) {
    const reply = await call('POST', PATH, BODY);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
  }
});

test('incomplete becomes connected once the end user completes the connect card', async () => {
  const { sandbox, call } = await open({ scenario: 'incomplete' });
  const { data } = await call('POST', PATH, BODY);
  sandbox.finishConnectCard(data.id);
  expect(sandbox.connections[0]).toMatchObject({ status: { setup_state: 'connected' } });
  const again = await call('POST', `${PATH}/${data.id}/test`, {});
  expect(again.data.status.setup_state).toBe('connected');
});

test('hostile and hostile-error echo the secrets', async () => {
  for (const scenario of ['hostile', 'hostile-error']) {
    const { call } = await open({ scenario });
    const { text } = await call('POST', PATH, BODY);
    expect(text).toContain('key-of-the-source');
    expect(text).toContain('sandbox_secret');
    expect(text).toContain('\\n::error title=forged::');
  }
});

test('every scenario has a one-line description, and unknown names are refused', async () => {
  for (const name of scenarioNames) expect(scenarioNamed(name).description).toMatch(/^.{10,90}$/);
  await expect(startSandbox({ scenario: 'nope' })).rejects.toThrow("Unknown scenario 'nope'");
});
