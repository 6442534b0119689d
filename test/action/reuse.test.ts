import { closeAll } from '../fault-run.ts';
import type { Fault } from '../sandbox/faults.mjs';
import { converging } from './converging.ts';
import { act, bodies, existing } from './scene.ts';

afterEach(closeAll);

const reuse = { if_exists: 'reuse' } as const;
const list = { method: 'GET', path: '/v1/connections' };
/** The words of a failure, and the statuses of one. */
const unwelcome = /error|fail|conflict|refus|could not|warn|409|400/i;
const emptyPage = (more: object = {}): Fault => ({
  ...list,
  kind: 'status',
  status: 200,
  body: { code: 'Success', data: { items: [], ...more } },
});

test('a connection that is there is used as it is, and its tests are run', async () => {
  const seed = existing({ sync_frequency: 60, config: { schema: 'crm', api_key: 'an older key' } });
  const step = await act({ connections: [seed], inputs: { ...reuse, sync_frequency: 5 } });
  expect(step.sent).toEqual(['look up', 'test']);
  expect(step.requests[0]?.query).toEqual({ group_id: 'decent_dropsy', schema: 'crm' });
  expect(step.requests[1]?.body).toEqual({});
  expect(step.exitCode).toBe(0);
  expect(step.outputs).toMatchObject({
    connection_id: 'crm_id',
    result: 'reused',
    setup_state: 'connected',
    schema: 'crm',
    failed_tests: '[]',
  });
  expect(JSON.parse(step.outputs.setup_tests ?? '')).toHaveLength(3);
  expect(step.sandbox.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
  expect(step.sandbox.state.connections.get('crm_id')?.sent.config.api_key).toBe('an older key');
  expect(step.log).toContain('crm_id');
  expect(step.log).not.toMatch(unwelcome);
  expect(step.annotations).toEqual([]);
  expect(step.summary).toContain('crm_id was reused and is connected: 3 setup tests passed');
});

test('without setup tests it is only looked up', async () => {
  const inputs = { ...reuse, run_setup_tests: false };
  const { sent, outputs, exitCode } = await act({ connections: [existing()], inputs });
  expect(sent).toEqual(['look up']);
  expect(outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id', setup_tests: '[]' });
  expect(exitCode).toBe(0);
});

test.each([409, 400] as const)('who is slower goes on with it as existing (%i)', async (status) => {
  const options = { connections: [existing()], conflictStatus: status, faults: [emptyPage()] };
  const step = await act({ ...options, inputs: reuse });
  expect(step.sent).toEqual(['look up', 'create', 'look up', 'test']);
  expect(step.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
  expect(step.ids).toEqual(['crm_id']);
  expect(step.exitCode).toBe(0);
  expect(step.log).not.toMatch(unwelcome);
});

test('one that is absent is created', async () => {
  const other = existing({ group_id: 'quaint_harbor' });
  const longer = existing({ id: 'longer_id', config: { schema: 'crm_2' } });
  const step = await act({ connections: [other, longer], inputs: reuse });
  expect(step.sent).toEqual(['look up', 'create']);
  expect(step.outputs.result).toBe('created');
  expect(step.sandbox.connections).toHaveLength(3);
});

test('it is found on a later page of the list', async () => {
  const faults = [emptyPage({ next_cursor: 'MA' })];
  const run = await converging({ spec: reuse, connections: [existing()], faults });
  expect(run.sent).toEqual(['look up', 'look up', 'test']);
  expect(run.requests[1]?.query).toMatchObject({ schema: 'crm', cursor: 'MA' });
  expect(run.outputs.result).toBe('reused');
});

test('what the list holds beside the one that was asked for does not count', async () => {
  const items = [
    { id: 'longer_id', schema: 'crm_2', group_id: 'decent_dropsy', service: '15five' },
    { id: 'elsewhere_id', schema: 'crm', group_id: 'quaint_harbor', service: '15five' },
  ];
  const run = await converging({ spec: reuse, faults: [emptyPage({ items })] });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.outputs.result).toBe('created');
});

test.each([
  [{ schema: 'files', table: 'orders' }, 'files.orders'],
  [{ schema: 'files', table_group_name: 'shop' }, 'files.shop'],
  [{ schema_prefix: 'files' }, 'files'],
])('%j is looked up as %s', async (config, name) => {
  const spec = { ...reuse, service: 's3', config };
  const { requests, outputs } = await converging({
    spec,
    connections: [{ service: 's3', config }],
  });
  expect(requests[0]?.query.schema).toBe(name);
  expect(outputs).toMatchObject({ result: 'reused', schema: name });
});

test.each([
  ['fail', ['create', 'look up']],
  ['reuse', ['look up']],
  ['update', ['look up']],
])('another service under that name is an error with if_exists %s', async (if_exists, sent) => {
  const step = await act({
    connections: [existing({ service: 'github', sync_frequency: 60 })],
    inputs: { if_exists, sync_frequency: 5 },
  });
  expect(step.sent).toEqual(sent);
  expect(step.exitCode).toBe(1);
  expect(step.annotations).toHaveLength(1);
  expect(step.annotations[0]?.message).toContain('crm_id');
  expect(step.sandbox.connections).toMatchObject([{ service: 'github', sync_frequency: 60 }]);
  expect(step.outputs.result).toBe('');
});

test('a test that fails now fails the step, and what is there stays', async () => {
  const step = await act({
    connections: [existing({ scenario: 'failed-tests' })],
    inputs: { ...reuse, on_failed_tests: 'delete' },
  });
  expect(step.sent).toEqual(['look up', 'test']);
  expect(step.exitCode).toBe(1);
  expect(step.outputs).toMatchObject({ result: 'reused', setup_state: 'broken' });
  expect(step.outputs.failed_test_messages).toMatch(/^Validating credentials: The source answered/);
  expect(step.ids).toEqual(['crm_id']);
});

test('the tests trust what the inputs say', async () => {
  const trust = { trust_fingerprints: true, trust_certificates: false };
  const spec = { ...reuse, ...trust };
  const { requests } = await converging({ spec, connections: [existing()] });
  expect(bodies(requests, 'test')).toEqual([trust]);
});

describe('a connect card', () => {
  const connect_card_config = { redirect_uri: 'https://example.com/done' };
  const inputs = { ...reuse, connect_card_config };

  test('is asked for while the connection is incomplete, and masked', async () => {
    const seed = existing({ scenario: 'incomplete', setup_state: 'incomplete' });
    const step = await act({ connections: [seed], inputs });
    expect(step.sent).toEqual(['look up', 'test', 'test', 'connect card']);
    expect(bodies(step.requests, 'connect card')).toEqual([{ connect_card_config }]);
    const uri = step.outputs.connect_card_uri ?? '';
    expect(uri).toMatch(/^https:\/\/fivetran\.com\/connect-card\//);
    expect(step.masks).toContain(uri);
    expect(step.masks).toContain(new URL(uri).searchParams.get('auth'));
    expect(step.printed).not.toContain(uri);
    expect(step.exitCode).toBe(0);
    expect(step.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  test('is not asked for once the connection is connected', async () => {
    const run = await converging({ spec: inputs, connections: [existing()] });
    expect(run.sent).toEqual(['look up', 'test']);
    expect(run.outputs.connect_card_uri).toBe('');
  });
});

const tests = { method: 'POST', path: '/v1/connections/{id}/test' };
describe.each([
  ['look-up', list, ['look up', 'look up', 'test']],
  ['test', tests, ['look up', 'test', 'test']],
] as const)('a lost answer of the %s', (_what, request, sent) => {
  test.each<Partial<Fault> & Pick<Fault, 'kind'>>([
    { kind: 'reset' },
    { kind: 'reset', when: 'after' },
    { kind: 'cut' },
    { kind: 'cut-json' },
    { kind: 'empty' },
    { kind: 'html' },
    { kind: 'status', status: 503, when: 'after' },
  ])('is asked for again: %j', async (fault) => {
    const run = await converging({
      spec: reuse,
      connections: [existing()],
      faults: [{ ...request, ...fault }],
    });
    expect(run.sent).toEqual(sent);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
    expect(run.verdict.grade).toBe('passed');
    expect(run.sandbox.connections).toHaveLength(1);
  });
});

test('a look-up that is never answered creates nothing', async () => {
  const faults: Fault[] = [{ ...list, kind: 'reset', nth: 'all' }];
  const run = await converging({ spec: reuse, faults });
  expect(run.sent).toEqual(['look up', 'look up', 'look up', 'look up']);
  expect(run.verdict).toMatchObject({
    grade: 'failed',
    sentence: expect.stringMatching(/Could not look up the connection crm/),
  });
  expect(run.sandbox.connections).toHaveLength(0);
});
