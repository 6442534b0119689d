import { startSandbox } from '../sandbox.mjs';
import { scenarioNamed, scenarioNames } from '../scenarios.mjs';
import { closeAll, open, PATH } from './open.ts';

afterEach(closeAll);

const BODY = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { schema: 'a', api_key: 'key-of-the-source' },
};

/** The setup state and the tests that did not pass, after the create and after each further run. */
async function history(scenario: string, runs: number) {
  const { call } = await open({ scenario });
  let { data } = await call('POST', PATH, BODY);
  const states = [];
  for (let run = 0; run <= runs; run += 1) {
    const bad = data.setup_tests.filter(({ status }: { status: string }) => status !== 'PASSED');
    states.push([data.status.setup_state, ...bad.map(({ status }: { status: string }) => status)]);
    data = (await call('POST', `${PATH}/${data.id}/test`, {})).data;
  }
  return states;
}

test.each([
  ['connected', [['connected'], ['connected']]],
  [
    'failed-tests',
    [
      ['incomplete', 'FAILED', 'SKIPPED'],
      ['incomplete', 'FAILED', 'SKIPPED'],
    ],
  ],
  [
    'warning',
    [
      ['connected', 'WARNING'],
      ['connected', 'WARNING'],
    ],
  ],
  ['job-failed', [['incomplete', 'JOB_FAILED'], ['connected']]],
  [
    'job-failed-always',
    [
      ['incomplete', 'JOB_FAILED'],
      ['incomplete', 'JOB_FAILED'],
    ],
  ],
  ['incomplete-once', [['incomplete'], ['connected']]],
  [
    'incomplete',
    [
      ['incomplete', 'SKIPPED'],
      ['incomplete', 'SKIPPED'],
    ],
  ],
  ['broken', [['broken'], ['broken']]],
])('%s: setup state and tests of each run', async (scenario, states) => {
  expect(await history(scenario, states.length - 1)).toEqual(states);
});

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

test('conflict has an older connection of that name', async () => {
  const { sandbox, call } = await open({ scenario: 'conflict' });
  expect(await call('POST', PATH, BODY)).toMatchObject({ status: 409 });
  const { data } = await call('GET', `${PATH}?group_id=decent_dropsy&schema=a`);
  expect(data.items).toMatchObject([{ id: sandbox.connections[0]?.id, schema: 'a' }]);
  expect(Date.parse(data.items[0].created_at)).toBeLessThan(Date.now() - 3_600_000);
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

test('odd-answer has an id and little else that is valid', async () => {
  const { sandbox, call } = await open({ scenario: 'odd-answer' });
  const { data } = await call('POST', PATH, BODY);
  expect(data).toMatchObject({
    id: sandbox.connections[0]?.id,
    sync_frequency: '360',
    config: null,
  });
  expect(data.setup_tests).toContainEqual({
    title: null,
    status: 'PASSED',
    message: null,
    details: null,
  });
});

test('a connection can have its own scenario', async () => {
  const { call } = await open({
    scenarioFor: ({ service }) => (service === 'github' ? 'broken' : undefined),
  });
  const stateOf = async (service: string) =>
    (await call('POST', PATH, { ...BODY, service, config: {} })).data.status.setup_state;
  expect(await stateOf('github')).toBe('broken');
  expect(await stateOf('15five')).toBe('connected');
});

test('every scenario has a one-line description, and unknown names are refused', async () => {
  for (const name of scenarioNames) expect(scenarioNamed(name).description).toMatch(/^.{10,90}$/);
  await expect(startSandbox({ scenario: 'nope' })).rejects.toThrow("Unknown scenario 'nope'");
});
