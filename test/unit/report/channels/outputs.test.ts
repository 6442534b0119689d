import * as fc from 'fast-check';
import type { Outcome } from '../../../../src/connection/outcome.ts';
import { boundItems } from '../../../../src/report/channels/bounded.ts';
import { connectionOutputs } from '../../../../src/report/channels/connection-outputs.ts';
import { redactOutcome } from '../../../../src/report/verdict/redact.ts';
import { anyCharacter } from '../../../harness/any-character.ts';
import { connectionOf } from '../../../harness/connections.ts';
import {
  absent,
  absentSpec,
  deleted,
  dryRun,
  failedTest,
  failedWith,
  passedTest,
  present,
  redactorOf,
  reportOf,
  spec,
} from '../outcomes.ts';

/** The outputs of a step, by name. */
function outputsOf(outcome: Outcome, secrets: string[] = []): Record<string, string> {
  const wanted = outcome.kind === 'deleted' || outcome.kind === 'absent' ? absentSpec : spec;
  const redactor = redactorOf(...secrets);
  return connectionOutputs(reportOf(outcome, wanted, secrets), outcome, redactor).outputs;
}

const json = (outputs: Record<string, string>, name: string) => JSON.parse(outputs[name] ?? '');

const connect_card = { token: 'card-token', uri: 'https://fivetran.com/card?auth=card-token' };
const gone = present({ setup_tests: [failedTest], connect_card }, { cleanup: 'deleted' });

test.each<[string, Outcome]>([
  ['created', present()],
  ['reused', present({}, { result: 'reused' })],
  ['updated', present({}, { result: 'updated' })],
  ['deleted', deleted],
  ['deleted', gone],
  ['absent', absent],
  ['planned', dryRun()],
  ['planned', dryRun({ problems: ['No.'] })],
  ['', failedWith('No.')],
  ['created', failedWith('No.', { connection: connectionOf(), result: 'created' })],
  [
    'deleted',
    failedWith('No.', { connection: connectionOf(), result: 'created', cleanup: 'deleted' }),
  ],
])('result is %j', (result, outcome) => {
  expect(outputsOf(outcome).result).toBe(result);
});

test.each<[string, Outcome]>([
  ['nothing was done', failedWith('No.')],
  ['nothing was there', absent],
  ['it was a dry run', dryRun()],
])('the JSON outputs are valid when %s', (_, outcome) => {
  expect(outputsOf(outcome)).toMatchObject({
    failed_tests: '[]',
    setup_tests: '[]',
    connection: '{}',
    connections: '{}',
  });
});

test.each<[string, Outcome]>([
  ['deleted', deleted],
  ['deleted after failed tests', gone],
  ['deleted by another client', present({ setup_tests: [failedTest] }, { isGone: true })],
  ['gone before it was deleted', { ...absent, connection: connectionOf() }],
])('a connection that is %s keeps its id, and has no link', (_, outcome) => {
  const { connection_id, dashboard_url, connect_card_uri } = outputsOf(outcome);
  expect([connection_id, dashboard_url, connect_card_uri]).toEqual(['open_mosaic', '', '']);
});

describe('error', () => {
  test('is empty when the step did not fail', () => {
    expect(outputsOf(present()).error).toBe('');
    expect(outputsOf(present({ status: { setup_state: 'incomplete' } })).error).toBe('');
  });

  test('says in one line why the step failed', () => {
    expect(outputsOf(present({ setup_tests: [{ ...failedTest, title: 'A\nB' }] })).error).toBe(
      'Connection open_mosaic was created, but the setup test failed: A B.',
    );
  });

  test('has the problems of a dry run', () => {
    expect(outputsOf(dryRun({ problems: ['config.hots:\nunknown field.'] })).error).toBe(
      'The dry run found 1 problem. Nothing was changed. config.hots: unknown field.',
    );
  });
});

describe('the output connection', () => {
  test('leaves out config, auth, the connect card and every field that names a secret', () => {
    const hidden = { config: { a: 1 }, auth: { b: 2 }, connect_card: { token: 't', uri: 'u' } };
    const unknown = { token: 'abc', nested: [{ client_secret: 'def', kept: 1 }] };
    const answer = { ...hidden, ...unknown, paused: false, connect_card_config: { hide: true } };
    const outputs = outputsOf(present({ ...answer, status: { setup_state: 'connected' } }));
    expect(json(outputs, 'connection')).toEqual({
      id: 'open_mosaic',
      group_id: 'decent_dropsy',
      service: 'postgres',
      schema: 'billing',
      paused: false,
      connect_card_config: { hide: true },
      nested: [{ kept: 1 }],
      status: { setup_state: 'connected' },
    });
  });

  test('keeps the types of the answer', () => {
    const odd = { sync_frequency: '360', quantum: { entangled: [null, 7] }, paused: null };
    expect(json(outputsOf(present(odd)), 'connection')).toMatchObject(odd);
  });
});

describe('plan and changes', () => {
  const updated = (more: object) => outputsOf(dryRun({ plan: 'update', ...more }));
  const changed = (from: unknown, to: unknown) =>
    updated({ fieldChanges: [{ field: 'config.x', from, to, shown: 'values' }] }).changes;

  test.each<[unknown, unknown, string]>([
    ['db1', 'db-2.example.com', 'db1 → db-2.example.com'],
    [360, 60, '360 → 60'],
    ['360', true, '"360" → true'],
    ['true', 'null', '"true" → "null"'],
    [undefined, 'two words', '(not set) → "two words"'],
    [1, undefined, '1 → (not set)'],
    [null, ['b', { c: 1 }], '(not set) → ["b",{"c":1}]'],
    ['first\nsecond', '', '"first\\nsecond" → ""'],
  ])('%j → %j is %s', (from, to, text) => {
    expect(changed(from, to)).toBe(`config.x: ${text}`);
  });

  test('a long value is cut', () => {
    expect(changed('a b'.repeat(500), 1)).toMatch(/^config\.x: ".{199}… \(truncated\) → 1$/);
  });

  test('a value that may be secret is named only', () => {
    const fieldChanges = [
      { field: 'config.password', from: 'old', to: 'new', shown: 'sent-again' },
      { field: 'config.the\nhost', from: 'old', to: 'new', shown: 'name' },
    ];
    expect(updated({ fieldChanges }).changes).toBe(
      'config.password: sent again\nconfig.the host: changed',
    );
  });

  const fieldChanges = [{ field: 'paused', from: true, to: false, shown: 'values' as const }];

  test('the selection is told by schema, table and column, after the fields', () => {
    const selectionChanges = [
      { path: [], field: 'schema_change_handling', from: 'ALLOW_ALL', to: 'BLOCK_ALL' },
      { path: ['public'], field: 'enabled', from: false, to: true },
      { path: ['public', 'users'], field: 'enabled', from: true, to: false },
      { path: ['public', 'users'], field: 'sync_mode', from: 'SOFT_DELETE', to: 'HISTORY' },
      { path: ['public', 'users', 'email'], field: 'hashed', from: false, to: true },
      { path: ['public', 'users', 'na\nme'], field: 'hashed', from: true, to: false },
      { path: ['public', 'users', 'id'], field: 'is_primary_key', from: false, to: true },
    ];
    expect(updated({ selectionChanges, fieldChanges }).changes?.split('\n')).toEqual([
      'paused: true → false',
      'schema_change_handling: ALLOW_ALL → BLOCK_ALL',
      'schema public: disabled → enabled',
      'table public.users: enabled → disabled',
      'table public.users: sync_mode SOFT_DELETE → HISTORY',
      'column public.users.email: hashed',
      'column public.users.na me: not hashed',
      'column public.users.id: primary key',
    ]);
  });

  test.each<[string, string, Outcome]>([
    ['update', 'paused: true → false', dryRun({ plan: 'update', fieldChanges })],
    ['reuse', '', dryRun({ plan: 'reuse', fieldChanges })],
    ['create', '', dryRun({ plan: 'create', fieldChanges })],
    ['', 'paused: true → false', present({}, { result: 'updated', fieldChanges })],
    ['', '', present({}, { result: 'created', fieldChanges })],
    ['', '', present({}, { result: 'reused', fieldChanges })],
    ['', 'paused: true → false', failedWith('No.', { result: 'updated', fieldChanges })],
    ['', '', deleted],
  ])('plan is %j and changes %j', (plan, changes, outcome) => {
    expect(outputsOf(outcome)).toMatchObject({ plan, changes });
  });

  test('a dry run has the state of the connection that it found', () => {
    const connection = connectionOf({ paused: true, status: { setup_state: 'broken' } });
    expect(outputsOf(dryRun({ plan: 'reuse', connection }))).toMatchObject({
      connection_id: 'open_mosaic',
      dashboard_url: expect.stringContaining('open_mosaic'),
      setup_state: 'broken',
      paused: 'true',
    });
  });
});

test('a failed test has its details, and a line of text', () => {
  const test = { ...failedTest, message: 'first\nsecond', details: { http_status: 401 } };
  const outputs = outputsOf(present({ setup_tests: [passedTest, test] }));
  expect(json(outputs, 'failed_tests')).toEqual([test]);
  expect(json(outputs, 'setup_tests')).toEqual([passedTest, test]);
  expect(outputs.failed_test_messages).toBe('Validating credentials: first second');
});

describe('secrets', () => {
  test('are redacted in every text of an outcome, whatever its field is called', () => {
    const secret = 's3cret-word';
    const selectionChanges = [
      { path: [secret, secret], field: 'sync_mode', from: secret, to: secret },
    ] as const;
    const more = { subject: secret, notes: [secret], isGone: true, invented: { text: [secret] } };
    const outcome = {
      ...present(
        {
          schema: secret,
          status: { setup_state: secret, tasks: [{ code: secret, message: secret }] },
          setup_tests: [{ title: secret, status: secret, message: secret, details: { secret } }],
          connect_card: { token: 'its-token', uri: 'its-uri' },
        },
        {
          fieldChanges: [
            { field: secret, from: { [secret]: 1 }, to: { [secret]: [secret] }, shown: 'values' },
            { field: 'config.x', from: 'its-old', to: 'its-new', shown: 'name' },
          ],
        },
      ),
      ...more,
      selectionChanges: [...selectionChanges],
    };
    const shown = redactOutcome(outcome, redactorOf(secret));
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|its-/);
    expect(shown.connection).not.toHaveProperty('raw');
    expect(shown).toMatchObject({ kind: 'present', result: 'created', isGone: true });
  });

  test('that an answer gives back are redacted', () => {
    const test = { ...failedTest, message: 'got s3cret-word', details: { 's3cret-word': 1 } };
    const secret = 's3cret-word';
    const cut = { ...failedTest, title: `${'x'.repeat(195)} s3cret-word` };
    const outputs = outputsOf(
      present({ setup_tests: [test, cut], ...{ note: secret, schema: secret } }),
      [secret],
    );
    expect(JSON.stringify(outputs)).toContain('***');
    expect(JSON.stringify(outputs)).not.toContain('s3c');
  });

  test('that are a word of the API leave keys, statuses and states as they are', () => {
    const words = ['title', 'message', 'FAILED', 'connected', 'scheduled', 'status', 'setup_tests'];
    const ours = ['present', 'created', 'failed', 'timed out', 'paused', 'delete', 'create'];
    const status = { setup_state: 'connected', sync_state: 'scheduled' };
    const outputs = outputsOf(
      present({ status, setup_tests: [{ ...failedTest, title: 'x' }] }),
      words,
    );
    const sync = { state: 'timed out', message: '' } as const;
    const more = { sync, cleanup: 'paused', unknownCleanup: 'delete', inFlight: 'create' } as const;
    const shown = redactOutcome(present({ setup_tests: [failedTest] }, more), redactorOf(...ours));
    expect(shown).toMatchObject({ kind: 'present', result: 'created', ...more });
    expect(shown.connection?.setup_tests[0]?.grade).toBe('failed');
    expect(json(outputs, 'failed_tests')).toEqual([{ ...failedTest, title: 'x' }]);
    expect(outputs).toMatchObject({ setup_state: 'connected', sync_state: 'scheduled' });
    expect(json(outputs, 'connection').status).toEqual(status);
  });

  test('that occur in a timestamp leave it as it is', () => {
    const created_at = '2026-01-05T12:00:00.250Z';
    const status = { rescheduled_for: '2026-01-05T12:00:00+00:00' };
    const texts = { before: `12:00 ${created_at}`, after: `${created_at} 12:00` };
    const outputs = outputsOf(present({ created_at, status, ...texts }), ['2026', '12:00']);
    expect(outputs.created_at).toBe(created_at);
    const { before, after, ...others } = json(outputs, 'connection');
    expect(others).toMatchObject({ created_at, status });
    expect(before + after).not.toMatch(/2026|12:00/);
  });

  test("that occur in the connection's own identity leave it as it is", () => {
    const outputs = outputsOf(present(), ['billing', 'decent_dropsy', 'postgres', 'open_mosaic']);
    expect(outputs).toMatchObject({
      connection_id: 'open_mosaic',
      schema: 'billing',
      group_id: 'decent_dropsy',
      service: 'postgres',
      dashboard_url: 'https://fivetran.com/dashboard/connections/open_mosaic/status',
    });
    expect(json(outputs, 'connection')).toMatchObject({ id: 'open_mosaic', schema: 'billing' });
  });

  test('in the connect card are passed on in the one output that is masked', () => {
    const outputs = outputsOf(present({ connect_card }), Object.values(connect_card));
    expect(outputs.connect_card_uri).toBe(connect_card.uri);
    const others = JSON.stringify({ ...outputs, connect_card_uri: '' });
    expect(others).not.toContain('card-token');
  });
});

describe('an output', () => {
  const long = 'ü'.repeat(200_000);
  const bytes = (text: string | undefined) => Buffer.byteLength(text ?? '');

  test.each<[string, object]>([
    ['one long message', { setup_tests: [{ ...failedTest, message: long, details: long }] }],
    [
      'many long messages',
      {
        setup_tests: Array.from({ length: 500 }, () => ({
          ...failedTest,
          message: long.slice(0, 2000),
          details: [long.slice(0, 5000)],
        })),
      },
    ],
    ['very many tests', { setup_tests: Array.from({ length: 5000 }, () => failedTest) }],
    ['a long field', { note: long, schema: long }],
    [
      'very many fields',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`f${at}`, at])),
    ],
  ])('has at most 100 kB and stays valid JSON: %s', (_, answer) => {
    const outputs = outputsOf(present(answer));
    for (const [name, value] of Object.entries(outputs)) {
      expect([name, bytes(value) <= 100_000]).toEqual([name, true]);
    }
    for (const name of ['failed_tests', 'setup_tests', 'connection']) {
      expect(() => json(outputs, name)).not.toThrow();
    }
    expect(json(outputs, 'connection').id).toBe('open_mosaic');
  });

  test('leaves out details before anything else, the longest first, and says so', () => {
    const outcome = present({
      setup_tests: [
        { ...failedTest, details: { list: Array(20_000).fill(123_456) } },
        { ...failedTest, title: 'Short', details: { status: 401 } },
        passedTest,
      ],
    });
    const { outputs, notes } = connectionOutputs(reportOf(outcome), outcome, redactorOf());
    expect(JSON.parse(outputs.failed_tests ?? '')).toEqual([
      failedTest,
      { ...failedTest, title: 'Short', details: { status: 401 } },
    ]);
    expect(notes).toEqual([
      'The output failed_tests has no room for everything: shortened 1 of 2 failed tests.',
      'The output setup_tests has no room for everything: shortened 1 of 3 setup tests.',
      expect.stringMatching(/^The output connection has no room .* of \d fields\.$/),
    ]);
  });

  test('of lines ends with a whole one, and says how many are missing', () => {
    const setup_tests = Array(20).fill({ ...failedTest, message: 'x'.repeat(9000) });
    const field = { field: 'x', from: 'x'.repeat(199), to: 1, shown: 'values' } as const;
    const more = { result: 'updated', fieldChanges: Array(600).fill(field) } as const;
    const outcome = present({ setup_tests }, more);
    const { outputs, notes } = connectionOutputs(reportOf(outcome), outcome, redactorOf());
    expect(notes.join('\n')).toMatch(/changes .* of 600 changes\..*_messages .* of 20 messages\./s);
    expect(outputs.failed_test_messages).toMatch(/x{9000}$/);
  });

  test('leaves out tests that passed before those that failed', () => {
    const setup_tests = [
      ...Array(3000).fill(passedTest),
      failedTest,
      ...Array(3000).fill(passedTest),
    ];
    const tests = json(outputsOf(present({ setup_tests })), 'setup_tests');
    expect(tests).toContainEqual(failedTest);
    expect(tests.length).toBeLessThan(6001);
  });

  test('cuts long messages before it leaves out a test', () => {
    const setup_tests = Array.from({ length: 100 }, () => ({
      ...failedTest,
      message: long.slice(0, 5000),
    }));
    const tests = json(outputsOf(present({ setup_tests })), 'failed_tests');
    expect(tests).toHaveLength(100);
    expect(tests[0].message).toMatch(/^ü+… \(truncated\)$/);
  });
});

test('bounded items fit, whatever they are, and none is lost that would have fit', () => {
  const applied = { whole: 0, vital: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: fc.string({ unit: anyCharacter }), isVital: fc.boolean() })),
      fc.integer({ min: 2, max: 500 }),
      (given, limit) => {
        const { items, shortened, omitted } = boundItems(given, {
          limit,
          forms: [(item) => ({ ...item, text: item.text.slice(0, 3) })],
          isVital: (item) => item.isVital,
        });
        expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThanOrEqual(limit);
        expect(items).toHaveLength(given.length - omitted);
        if (Buffer.byteLength(JSON.stringify(given)) < limit) {
          expect(items).toEqual(given);
          applied.whole++;
        }
        if (omitted > 0 && items.some((item) => !item.isVital)) {
          applied.vital++;
          expect(items.filter((item) => item.isVital)).toHaveLength(
            given.filter((item) => item.isVital).length,
          );
        }
        expect(shortened).toBeLessThanOrEqual(items.length);
      },
    ),
  );
  expect(Object.values(applied)).not.toContain(0);
});
