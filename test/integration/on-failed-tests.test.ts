import { type Break, LOST_CREATE, on } from '../harness/faults.ts';
import { failureOf } from '../harness/reading.ts';
import { bodies } from '../harness/requests.ts';
import { runStep } from '../harness/run-step.ts';
import { existing } from '../harness/sandboxes.ts';
import type { StepRun } from '../harness/step.ts';
import { readable } from '../project/markup.ts';
import { idOf } from '../sandbox/api/connection/ids.mjs';
import type { Fault } from '../sandbox/faults.mjs';
import { hostKeyFingerprint } from '../sandbox/fixtures.mjs';
import type { Sandbox } from '../sandbox/sandbox.mjs';

const failing = { scenario: 'failed-tests' };

/** Expects the failed tests to be reported, whatever happened to the connection, and the step to fail. */
function expectFailedTests({ exitCode, outputs, annotations, summary }: StepRun): void {
  expect(exitCode).toBe(1);
  expect(outputs.failed_test_messages).toContain('Validating credentials: The source answered 401');
  expect(annotations).toContainEqual(
    expect.objectContaining({ level: 'error', title: 'Validating credentials' }),
  );
  expect(summary).toContain('The source answered 401');
}

test('keep leaves the connection', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'keep' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create']);
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
  expect(run.ids).toEqual([run.outputs.connection_id]);
});

test('pause pauses it without running the tests again, and says so', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'pause' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create', 'patch']);
  expect(run.requests[1]?.body).toEqual({ paused: true, run_setup_tests: false });
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'true' });
  expect(run.connections).toMatchObject([{ id: run.outputs.connection_id, paused: true }]);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toContain(`Paused connection ${run.outputs.connection_id}`);
  }
});

test('delete deletes it, says so, and links to it no more', async () => {
  const run = await runStep({ inputs: { on_failed_tests: 'delete' } }, failing);
  expectFailedTests(run);
  expect(run.sent).toEqual(['create', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.outputs.connection_id).toBeTruthy();
  expect(run.outputs.dashboard_url).toBe('');
  expect(run.ids).toEqual([]);
  for (const text of [run.log, readable(run.summary)]) {
    expect(text).toContain(`Deleted connection ${run.outputs.connection_id}`);
    expect(text).toContain('1 of 3 setup tests failed');
  }
  expect(run.log + run.summary).not.toContain('/dashboard/connections/');
});

test('after a deletion, the next step does not mention the connection', async () => {
  const { log, summary } = await runStep({ inputs: { on_failed_tests: 'delete' } }, failing);
  for (const text of [log, summary]) {
    expect(text).toMatch(/Next:/);
    expect(text).not.toContain('finds this connection');
  }
});

test.each([
  ['pause', 'patch', 'Paused connection'],
  ['delete', 'delete', 'Deleted connection'],
])('%s acts on a broken connection as well', async (on_failed_tests, request, words) => {
  const run = await runStep({ inputs: { on_failed_tests } }, { scenario: 'broken' });
  expect(run.sent).toEqual(['create', request]);
  expect(run.exitCode).toBe(1);
  expect(run.summary).toContain(words);
});

test.each([
  ['keep', ['create'], 'created'],
  ['delete', ['create', 'delete'], 'deleted'],
])(
  'a broken connection whose tests did not run fails the step (%s)',
  async (on_failed_tests, sent, result) => {
    const data = { id: idOf(1), status: { setup_state: 'broken' } };
    const body = { code: 'Success', data };
    const run = await runStep(
      { inputs: { on_failed_tests, run_setup_tests: false } },
      { faults: [on('create', { kind: 'status', status: 201, when: 'after', body })] },
    );
    expect(run.sent).toEqual(sent);
    expect(run.outputs.result).toBe(result);
    expect(run.exitCode).toBe(1);
  },
);

describe.each(['pause', 'delete'])('%s leaves a connection alone', (on_failed_tests) => {
  test.each([
    ['reuse', 'reused', ['look up', 'test']],
    ['update', 'updated', ['look up', 'patch']],
  ])('that existed before (%s)', async (if_exists, result, sent) => {
    const run = await runStep(
      { inputs: { if_exists, on_failed_tests, sync_frequency: 5 } },
      { connections: [existing(failing)] },
    );
    expect(run.sent).toEqual(sent);
    expect(run.exitCode).toBe(1);
    expect(run.outputs).toMatchObject({ result, paused: 'false' });
    expect(run.summary).not.toMatch(/on_failed_tests/);
    expect(run.ids).toEqual(['crm_id']);
  });
});

test.each(['connected', 'warning', 'incomplete', 'incomplete-once', 'job-failed'])(
  'a connection whose tests finally passed is kept (%s)',
  async (scenario) => {
    const run = await runStep({ inputs: { on_failed_tests: 'delete' } }, { scenario });
    expect(run.exitCode).toBe(0);
    expect(run.outputs.result).toBe('created');
    expect(run.ids).toEqual([run.outputs.connection_id]);
  },
);

test.each([
  ['pause', 'patch', 'Could not update connection'],
  ['delete', 'delete', 'Could not delete connection'],
] as const)(
  'a refused %s is reported, and the connection is kept',
  async (on_failed_tests, request, words) => {
    const run = await runStep(
      { inputs: { on_failed_tests } },
      { ...failing, faults: [on(request, { kind: 'status', status: 403 })] },
    );
    expectFailedTests(run);
    const id = run.outputs.connection_id ?? '';
    expect(run.outputs).toMatchObject({ result: 'created', paused: 'false' });
    expect(run.ids).toEqual([id]);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toContain(words);
      expect(text).not.toMatch(/Paused connection|Deleted connection|unknown whether/);
    }
    expect(failureOf(run)).toContain('1 of 3 setup tests failed');
  },
);

const pausing = { paused: true, run_setup_tests: false };

const runWith = (on_failed_tests: string, faults: Fault[], inputs = {}, world = {}) =>
  runStep({ inputs: { on_failed_tests, ...inputs } }, { ...failing, faults, ...world });

describe('a connection whose create was not answered', () => {
  test.each([
    ['pause', 1],
    ['delete', 0],
  ])('certainly belongs to this step, so %s applies', async (on_failed_tests, left) => {
    const run = await runWith(on_failed_tests, [LOST_CREATE]);
    expect(run.sent.slice(0, 3)).toEqual(['create', 'look up', 'test']);
    expect(run.outputs.result).toBe(on_failed_tests === 'pause' ? 'created' : 'deleted');
    expect(run.connections).toHaveLength(left);
  });

  test('is deleted when every field that was sent is there, secrets aside', async () => {
    const inputs = {
      service: 's3',
      config: { schema: 'crm', bucket: 'orders', external_id: 'secret of orders', prefix: '' },
      auth: { client_access: { client_secret: 'secret' } },
      sync_frequency: 60,
      run_setup_tests: true,
      trust_fingerprints: false,
    };
    const run = await runWith('delete', [LOST_CREATE], inputs, { emptyValues: 'answered' });
    expect(run.outputs.result).toBe('deleted');
    expect(run.ids).toEqual([]);
  });

  test.each([
    ['differs', { sync_frequency: 1440 }, {}, undefined],
    ['is missing', { sync_frequency: undefined }, {}, 'sync_frequency'],
    ['differs in config', {}, { bucket: 'invoices' }, undefined],
    ['is missing in config', {}, { bucket: undefined }, 'config.bucket'],
  ])(
    'is kept when a field %s, because it may belong to another client',
    async (_what, settings, config, missing) => {
      const inputs = {
        service: 's3',
        config: { schema: 'crm', bucket: 'orders' },
        sync_frequency: 60,
        on_failed_tests: 'delete',
      };
      // Another client creates a connection with this name while the step's own create gets lost.
      const run = await runStep(
        { inputs },
        {
          faults: [on('create', { kind: 'reset' })],
          onLine(line, { sandbox }) {
            if (!line.startsWith('POST /v1/connections: fault')) return;
            const { now } = sandbox.state;
            sandbox.seed({
              id: 'another_id',
              service: 's3',
              scenario: 'failed-tests',
              destination_schema_names: 'FIVETRAN_NAMING',
              sync_frequency: 60,
              created_at: new Date(now() + 1).toISOString(),
              config: { schema: 'crm', bucket: 'orders', ...config },
              ...settings,
            });
            const stored = sandbox.state.connections.get('another_id');
            for (const [key, value] of Object.entries(config)) {
              if (value === undefined) delete stored?.sent.config[key];
            }
          },
        },
      );
      expect(run.sent).not.toContain('delete');
      expect(run.ids).toEqual(['another_id']);
      expect(run.exitCode).toBe(1);
      for (const text of [run.log, readable(run.summary)]) {
        // With another value it is not adopted; one that only lacks a value may still be this step's.
        expect(text).toMatch(
          missing
            ? /another_id is left unchanged despite on_failed_tests: delete/
            : /It is unknown whether this step created connection another_id/,
        );
        if (missing) expect(text).toContain(missing);
      }
    },
  );
});

test.each<Break>([
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'status', status: 500, when: 'after' },
])('a deletion whose answer is lost is done: %j', async (fault) => {
  const run = await runWith('delete', [on('delete', fault)]);
  expect(run.sent).toEqual(['create', 'delete', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.summary).toContain('Deleted connection');
  expect(run.connections).toEqual([]);
});

test('a pause whose answer is lost is sent again', async () => {
  const run = await runWith('pause', [on('patch', { kind: 'reset', when: 'after' })]);
  expect(bodies(run, 'patch')).toEqual([pausing, pausing]);
  expect(run.outputs).toMatchObject({ result: 'created', paused: 'true' });
});

describe.each([
  ['pause', 'patch', 'paused'],
  ['delete', 'delete', 'deleted'],
] as const)('%s', (on_failed_tests, request, done) => {
  const lost = (when: 'before' | 'after', nth: number | 'all' = 1) =>
    on(request, { kind: 'reset', when, nth });
  const result = on_failed_tests === 'pause' ? 'created' : 'deleted';
  const notDone =
    on_failed_tests === 'pause'
      ? /It was not paused when it was read afterwards; the change may still take effect/
      : /still existed when it was read afterwards; the delete may still take effect/;
  const didIt = on_failed_tests === 'pause' ? /Paused connection/ : /Deleted connection/;

  test('that is never answered but took effect is found done', async () => {
    const run = await runWith(on_failed_tests, [lost('after', 'all')]);
    expect(run.sent).toEqual(['create', ...Array(4).fill(request), 'read']);
    expect(run.exitCode).toBe(1);
    expect(run.outputs.result).toBe(result);
    expect(run.outputs.paused).toBe(String(on_failed_tests === 'pause'));
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(didIt);
      expect(text).not.toMatch(notDone);
    }
  });

  test('that is never answered and took no effect may still take effect', async () => {
    const run = await runWith(on_failed_tests, [lost('before', 'all')]);
    expect(run.sent).toEqual(['create', ...Array(4).fill(request), 'read']);
    expect(run.outputs.result).toBe('created');
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(notDone);
      expect(text).not.toMatch(/unknown whether connection/);
      expect(text).not.toMatch(didIt);
    }
    expect(run.outputs.error).toMatch(new RegExp(`unknown whether it was then ${done}`));
  });

  test.each(['before', 'after'] as const)(
    'that is never answered and cannot be read back is reported as unknown (%s)',
    async (when) => {
      const run = await runWith(on_failed_tests, [
        lost(when, 'all'),
        on('read', { kind: 'reset', nth: 'all' }),
      ]);
      expect(run.exitCode).toBe(1);
      for (const text of [run.log, readable(run.summary)]) {
        expect(text).toMatch(
          new RegExp(`Could not .* unknown whether connection \\S+ was ${done}`),
        );
        expect(text).not.toMatch(notDone);
        expect(text).not.toMatch(didIt);
      }
    },
  );

  test.each<Break>([
    { kind: 'html', status: 403 },
    { kind: 'status', status: 401 },
    { kind: 'status', status: 409 },
    { kind: 'html', status: 404 },
  ])('that took effect unanswered and is then refused is done: %j', async (refusal) => {
    const run = await runWith(on_failed_tests, [
      lost('after'),
      on(request, { ...refusal, nth: 2 }),
    ]);
    expect(run.sent).toEqual(['create', request, request, 'read']);
    expect(run.outputs.result).toBe(result);
    expect(run.printed).not.toMatch(notDone);
  });
});

test('tests that failed count, also when an approval is refused on the way', async () => {
  const run = await runStep(
    { inputs: { on_failed_tests: 'delete', trusted_fingerprints: hostKeyFingerprint } },
    {
      scenario: 'host-key-unknown',
      faults: [on('approve key', { kind: 'status', status: 403 })],
    },
  );
  expect(run.sent).toEqual(['create', 'approve key', 'delete']);
  expect(run.outputs.result).toBe('deleted');
  expect(run.exitCode).toBe(1);
  expect(failureOf(run)).toContain('approve the host key');
});

describe('after a deletion, an earlier create that went unanswered', () => {
  const lateCreate = (lateMs: number) => on('create', { kind: 'status', status: 503, lateMs });
  const deleting = (lateMs: number, more: Fault[] = []) =>
    runWith('delete', [lateCreate(lateMs), ...more]);

  test('is looked for once more, and said to be possible', async () => {
    const run = await deleting(60_000);
    expect(run.sent).toEqual(['create', 'look up', 'create', 'delete', 'look up']);
    expect(run.outputs.result).toBe('deleted');
    expect(run.log).toMatch(/earlier create .*unanswered.*another connection crm may still appear/);
    expect(run.summary).toMatch(/another connection may still appear/);
    run.sandbox.settle();
    expect(run.sandbox.connections).toHaveLength(1);
  });

  test('is looked for also where another client deleted the connection', async () => {
    const run = await runWith(
      'delete',
      [lateCreate(60_000)],
      {},
      {
        onLine: (line: string, { sandbox }: { sandbox: Sandbox }) =>
          line.startsWith('POST /v1/connections: 201') && sandbox.state.connections.clear(),
      },
    );
    expect(run.sent).toEqual(['create', 'look up', 'create', 'delete', 'look up']);
  });

  test('is named when it has taken effect, and left alone', async () => {
    // The delete is limited until the first create has found the name free.
    const limited = on('delete', { kind: 'rate-limit', headers: { 'Retry-After': '1' } });
    const wait = on('look up', { kind: 'rate-limit', headers: { 'Retry-After': '30' }, nth: 2 });
    const run = await deleting(20_000, [limited, wait]);
    expect(run.outputs.result).toBe('deleted');
    const [id = ''] = run.ids;
    expect(id).not.toBe(run.outputs.connection_id);
    for (const text of [run.log, readable(run.summary)]) {
      expect(text).toMatch(new RegExp(`has a connection crm again: ${id}`));
    }
    expect(run.sent.filter((request) => request === 'delete')).toHaveLength(2);
  });

  test('is still possible where it cannot be looked for; the deletion is certain', async () => {
    const blind = on('look up', { kind: 'reset', nth: [2, 3, 4, 5] });
    const run = await deleting(60_000, [blind]);
    expect(run.outputs.result).toBe('deleted');
    expect(run.log).toMatch(/Could not look up .*may still appear/);
    expect(run.printed).not.toMatch(/unknown whether connection/);
  });

  test('is not looked for where the deleted connection is the one that it created', async () => {
    const run = await runWith('delete', [LOST_CREATE]);
    expect(run.sent).toEqual(['create', 'look up', 'test', 'delete']);
    expect(run.printed).not.toMatch(/may still appear/);
  });
});

describe('a connection that another client deletes before this step acts on it', () => {
  test.each(['pause', 'delete'])(
    'is said to be gone, and nothing else (%s)',
    async (on_failed_tests) => {
      const run = await runStep(
        { inputs: { on_failed_tests } },
        {
          ...failing,
          onLine: (line, { sandbox }) =>
            line.startsWith('POST /v1/connections: 201') && sandbox.state.connections.clear(),
        },
      );
      expect(run.exitCode).toBe(1);
      expect(run.outputs.result).toBe('created');
      expect(run.log).toMatch(/Connection \w+ no longer exists/);
      expect(run.log).not.toMatch(
        /Deleted connection|Paused connection|stays paused|unknown whether/,
      );
    },
  );
});

describe('from the approval of a host key until the tests report again', () => {
  const inputs = { trusted_fingerprints: hostKeyFingerprint };
  const unknown = { scenario: 'host-key-unknown' };
  const untested = { code: 'Success', data: { id: 'placeholder' } };
  const approved = on('approve key', { kind: 'reset', when: 'after', nth: 'all' });

  test.each<[string, Fault[]]>([
    ['they are not answered', [on('test', { kind: 'reset', nth: 'all' })]],
    ['they are refused', [on('test', { kind: 'status', status: 403, nth: 'all' })]],
    ['the approval itself is not answered', [approved]],
  ])('the setup is unknown, and nothing is deleted: %s', async (_why, faults) => {
    for (const on_failed_tests of ['keep', 'pause', 'delete']) {
      const run = await runWith(on_failed_tests, faults, inputs, unknown);
      expect(run.exitCode).toBe(1);
      expect(run.ids).toEqual([run.outputs.connection_id]);
      expect(run.sent).not.toContain('delete');
      expect(run.sent).not.toContain('patch');
      expect(run.outputs).toMatchObject({ result: 'created', failed_tests: '[]' });
      expect(run.printed).not.toMatch(/not trusted yet/);
      if (on_failed_tests !== 'keep') expect(run.log).toMatch(/left unchanged despite/);
      const doubts = /unknown whether the host key was approved/.test(failureOf(run));
      expect(doubts).toBe(faults.includes(approved));
    }
  });

  test('the setup is unknown also where they answer without results', async () => {
    const run = await runStep(
      { inputs: { ...inputs, on_failed_tests: 'delete' } },
      {
        ...unknown,
        onLine(line, { sandbox }) {
          if (!line.startsWith('POST /v1/connections: 201')) return;
          const [id] = sandbox.state.connections.keys();
          const body = { ...untested, data: { id, status: { setup_state: 'incomplete' } } };
          sandbox.fault(on('test', { kind: 'status', status: 200, body, nth: 'all' }));
        },
      },
    );
    expect(run.sent).toEqual(['create', 'approve key', 'test']);
    expect(run.exitCode).toBe(1);
    expect(failureOf(run)).toMatch(/unknown whether the setup works/);
    expect(run.printed).not.toMatch(/not trusted yet/);
    expect(run.ids).toEqual([run.outputs.connection_id]);
  });

  test('what the tests then report counts', async () => {
    // The key is approved, and the credentials fail.
    const run = await runWith('delete', [on('test', { kind: 'reset' })], inputs, {
      ...unknown,
      onLine(line: string, { sandbox }: { sandbox: Sandbox }) {
        if (!/fingerprints: 201/.test(line)) return;
        for (const stored of sandbox.state.connections.values()) stored.scenario = 'failed-tests';
      },
    });
    expect(run.sent).toEqual(['create', 'approve key', 'test', 'test', 'delete']);
    expect(run.outputs.result).toBe('deleted');
  });
});
