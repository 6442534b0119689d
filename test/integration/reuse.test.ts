import { BLIND_LOOK_UP, LOST_CREATE, on } from '../harness/faults.ts';
import { annotated, failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import { readable } from '../project/markup.ts';

const reuse = { if_exists: 'reuse' };
/** The words of a failure, and the statuses of one. */
const unwelcome = /error|fail|conflict|refus|could not|warn|409|400/i;
const listing = (data: object) =>
  on('look up', { kind: 'status', status: 200, body: { code: 'Success', data } });

test('an existing connection is used unchanged, and its setup tests run', async () => {
  const config = { schema: 'crm', api_key: 'an older key' };
  const run = await runStep(
    { inputs: { ...reuse, sync_frequency: 5, config: { schema: 'crm', api_key: 'a newer key' } } },
    { connections: [existing({ sync_frequency: 60, config })] },
  );
  expect(run.sent).toEqual(['look up', 'test']);
  expect(run.requests[0]?.query).toEqual({ group_id: 'decent_dropsy', schema: 'crm' });
  expect(run.requests[1]?.body).toEqual({});
  expect(run.exitCode).toBe(0);
  expect(run.outputs).toMatchObject({
    connection_id: 'crm_id',
    result: 'reused',
    setup_state: 'connected',
    schema: 'crm',
    failed_tests: '[]',
  });
  expect(JSON.parse(run.outputs.setup_tests ?? '')).toHaveLength(3);
  expect(run.connections).toMatchObject([{ id: 'crm_id', sync_frequency: 60 }]);
  expect(run.sandbox.state.connections.get('crm_id')?.sent.config.api_key).toBe('an older key');
  for (const text of [run.log, readable(run.summary)])
    expect(text).toMatch(/crm_id[\s\S]*3 (setup tests )?passed/);
  expect(run.lines.filter(({ text }) => unwelcome.test(text))).toEqual([]);
  expect(run.annotations.filter(({ level }) => level !== 'notice')).toEqual([]);
});

test('without setup tests, the connection is only looked up', async () => {
  const inputs = { ...reuse, run_setup_tests: false };
  const { sent, outputs, exitCode } = await runStep({ inputs }, { connections: [existing()] });
  expect(sent).toEqual(['look up']);
  expect(outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id', setup_tests: '[]' });
  expect(exitCode).toBe(0);
});

test.each([409, 400] as const)('the loser of a race reuses the connection (%i)', async (status) => {
  const run = await runStep(
    { inputs: reuse },
    { connections: [existing()], conflictStatus: status, faults: [BLIND_LOOK_UP] },
  );
  expect(run.sent).toEqual(['look up', 'create', 'look up', 'test']);
  expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
  expect(run.ids).toEqual(['crm_id']);
  expect(run.exitCode).toBe(0);
  expect(run.annotations).toEqual([]);
});

test('a connection that does not exist is created', async () => {
  const elsewhere = existing({ group_id: 'quaint_harbor' });
  const longer = existing({ id: 'longer_id', config: { schema: 'crm_2' } });
  const run = await runStep({ inputs: reuse }, { connections: [elsewhere, longer] });
  expect(run.sent).toEqual(['look up', 'create']);
  expect(run.outputs.result).toBe('created');
  expect(run.connections).toHaveLength(3);
});

test('a connection is found on a later page of the list', async () => {
  const faults = [listing({ items: [], next_cursor: 'MA' })];
  const run = await runStep({ inputs: reuse }, { connections: [existing()], faults });
  expect(run.sent).toEqual(['look up', 'look up', 'test']);
  expect(run.requests[1]?.query).toMatchObject({ schema: 'crm', cursor: 'MA' });
  expect(run.outputs.result).toBe('reused');
});

test('an endless list is an error, and nothing is created', async () => {
  const answers = Array.from({ length: 200 }, (_, page) => ({
    ...listing({ items: [], next_cursor: `page_${page}` }),
    nth: page + 1,
  }));
  const run = await runStep({ inputs: reuse }, { faults: answers });
  expect(run.sent).not.toContain('create');
  expect(run.sent.length).toBeLessThanOrEqual(100);
  expect(run.exitCode).toBe(1);
});

describe('a list about something else', () => {
  const other = { id: 'longer_id', schema: 'crm_2', group_id: 'decent_dropsy', service: '15five' };
  const elsewhere = { id: 'other_id', schema: 'crm', group_id: 'quaint_harbor', service: '15five' };
  const lists = [
    ['another name', { items: [other] }],
    ['the name in another group', { items: [elsewhere] }],
    ['no name', { items: [{ id: 'x' }] }],
    ['an item that cannot be read', { items: [null] }],
    ['the same cursor again', { items: [], next_cursor: 'MA' }],
  ] as const;

  test.each(lists)('with %s is read again', async (_, list) => {
    const faults = [{ ...listing(list), nth: [1, 2] }];
    const run = await runStep({ inputs: reuse }, { connections: [existing()], faults });
    expect(run.sent).toEqual(['look up', 'look up', 'look up', 'test']);
    expect(run.outputs).toMatchObject({ result: 'reused', connection_id: 'crm_id' });
  });

  test.each(lists)('with %s proves nothing: the step fails', async (_, list) => {
    const faults = [{ ...listing(list), nth: 'all' as const }];
    const run = await runStep({ inputs: reuse }, { faults });
    expect(run.sent.slice(0, 4)).toEqual(['look up', 'look up', 'look up', 'look up']);
    expect(run.sent).not.toContain('create');
    expect(run.exitCode).toBe(1);
  });

  test('does no harm beside the wanted connection', async () => {
    const items = [other, elsewhere, { ...other, id: 'crm_id', schema: 'crm' }];
    const faults = [listing({ items })];
    const run = await runStep({ inputs: reuse }, { connections: [existing()], faults });
    expect(run.sent).toEqual(['look up', 'test']);
  });
});

test.each([
  [{ schema: 'files', table: 'orders' }, 'files.orders'],
  [{ schema: 'files', table_group_name: 'shop' }, 'files.shop'],
  [{ schema_prefix: 'files' }, 'files'],
])('%j is looked up as %s', async (config, name) => {
  const inputs = { ...reuse, service: 's3', config };
  const run = await runStep({ inputs }, { connections: [{ service: 's3', config }] });
  expect(run.requests[0]?.query.schema).toBe(name);
  expect(run.outputs).toMatchObject({ result: 'reused', schema: name });
});

test.each([
  ['fail', ['create', 'look up']],
  ['reuse', ['look up']],
  ['update', ['look up']],
])('another service under the name is an error with if_exists: %s', async (if_exists, sent) => {
  const run = await runStep(
    { inputs: { if_exists, sync_frequency: 5 } },
    { connections: [existing({ service: 'github', sync_frequency: 60 })] },
  );
  expect(run.sent).toEqual(sent);
  expect(run.exitCode).toBe(1);
  expect(annotated(run, 'error')).toHaveLength(1);
  expect(failureOf(run)).toMatch(/crm_id.*github.*15five/);
  expect(run.connections).toMatchObject([{ service: 'github', sync_frequency: 60 }]);
  expect(run.outputs.result).toBe('');
});

test('a failed setup test fails the step and keeps the connection', async () => {
  const run = await runStep(
    { inputs: { ...reuse, on_failed_tests: 'delete' } },
    { connections: [existing({ scenario: 'failed-tests' })] },
  );
  expect(run.sent).toEqual(['look up', 'test']);
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({ result: 'reused', setup_state: 'broken' });
  expect(run.outputs.failed_test_messages).toMatch(/^Validating credentials: The source answered/);
  expect(run.ids).toEqual(['crm_id']);
});

test('the trust inputs apply to the setup tests', async () => {
  const trust = { trust_fingerprints: true, trust_certificates: false };
  const run = await runStep({ inputs: { ...reuse, ...trust } }, { connections: [existing()] });
  expect(bodies(run, 'test')).toEqual([trust]);
});

describe('a connect card', () => {
  const connect_card_config = { redirect_uri: 'https://example.com/done' };
  const inputs = { ...reuse, connect_card_config };

  test('is requested while the connection is incomplete, and masked', async () => {
    const seed = existing({ scenario: 'incomplete', setup_state: 'incomplete' });
    const run = await runStep({ inputs }, { connections: [seed] });
    expect(run.sent).toEqual(['look up', 'test', 'test', 'connect card']);
    expect(bodies(run, 'connect card')).toEqual([{ connect_card_config }]);
    const uri = run.outputs.connect_card_uri ?? '';
    expect(uri).toMatch(/^https:\/\/fivetran\.com\/connect-card\//);
    expect(run.masks).toContain(uri);
    expect(run.masks).toContain(new URL(uri).searchParams.get('auth'));
    expect(run.printed).not.toContain(uri);
    expect(run.exitCode).toBe(0);
    expect(run.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  test.each([
    ['is broken', { connections: [existing({ scenario: 'broken', setup_state: 'broken' })] }],
    ['was found after a lost create', { scenario: 'incomplete', faults: [LOST_CREATE] }],
  ])('is requested for a connection that %s', async (_what, world) => {
    const run = await runStep({ inputs }, world);
    expect(run.sent.at(-1)).toBe('connect card');
    expect(run.outputs.connect_card_uri).not.toBe('');
  });

  test('is not requested once the connection is connected', async () => {
    const run = await runStep({ inputs }, { connections: [existing()] });
    expect(run.sent).toEqual(['look up', 'test']);
    expect(run.outputs.connect_card_uri).toBe('');
  });

  test('that is refused does not hide the test results', async () => {
    const seed = existing({ scenario: 'failed-tests', setup_state: 'incomplete' });
    const faults = [on('connect card', { kind: 'status', status: 403 })];
    const run = await runStep({ inputs }, { connections: [seed], faults });
    expect(run.sent).toContain('connect card');
    expect(failureOf(run)).toContain('was reused, but 1 of 3 setup tests failed');
    for (const text of [run.log, readable(run.summary)])
      expect(text).toMatch(/connect card.* 403.*Check that the API key's role/);
    expect(run.exitCode).toBe(1);
  });
});

test('a look-up that is never answered creates nothing', async () => {
  const run = await runStep(
    { inputs: reuse },
    { faults: [on('look up', { kind: 'reset', nth: 'all' })] },
  );
  expect(run.sent).toEqual(['look up', 'look up', 'look up', 'look up']);
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toMatch(/Could not look up the connection crm/);
  expect(run.connections).toHaveLength(0);
});
