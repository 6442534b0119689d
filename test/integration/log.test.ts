import { on } from '../harness/faults.ts';
import { runStep } from '../harness/run-step.ts';

/** The visible lines of the log, without masks and debug lines. */
const linesOf = ({ log }: { log: string }) =>
  log.split('\n').filter((line) => line !== '' && !/^::(add-mask|debug)/.test(line));

test('lines are in chronological order', async () => {
  const run = await runStep(
    { inputs: { wait_for_sync: true } },
    { syncSeconds: 90, initialSync: 'manual' },
  );
  const [id] = run.ids;
  const [created, ...rest] = linesOf(run);
  expect(created).toBe(`Created connection ${id}.`);
  expect(rest.slice(0, 3)).toEqual([
    expect.stringMatching(/PASSED +Connecting to the source$/),
    expect.stringMatching(/PASSED +Validating credentials$/),
    expect.stringMatching(/PASSED +Checking permissions$/),
  ]);
  expect(rest[3]).toMatch(`Started a sync of connection ${id}; waiting up to 60 minutes`);
  const waiting = rest.slice(4, -2);
  expect(waiting.length).toBeGreaterThanOrEqual(4);
  for (const line of waiting) expect(line).toMatch(/^Waiting for the sync .*(\d s|\d min) so far/);
  expect(rest.slice(-2)).toEqual([
    expect.stringMatching(/^Connection \w+ was created and is connected\. .* succeeded after /),
    `Dashboard: https://fivetran.com/dashboard/connections/${id}/status`,
  ]);
});

test('setup tests are logged as soon as they are known, not after the sync', async () => {
  const run = await runStep({ inputs: { wait_for_sync: true } }, { syncSeconds: 1800 });
  const at = (part: RegExp) => run.lines.find(({ text }) => part.test(text))?.at;
  expect(at(/^Created connection/)).toBe(0);
  expect(at(/Checking permissions$/)).toBe(0);
  expect(at(/ was created and is connected/)).toBeGreaterThanOrEqual(1800);
});

test('waits are logged in minutes and seconds', async () => {
  const run = await runStep({ inputs: { wait_for_sync: true } }, { syncSeconds: 200 });
  const waiting = linesOf(run).filter((line) => line.startsWith('Waiting for the sync'));
  for (const elapsed of ['20 s', '1 min', '2 min 20 s']) {
    expect(waiting.filter((line) => line.includes(`: ${elapsed} so far`))).toHaveLength(1);
  }
});

test.each(['connected', 'warning', 'failed-tests', 'incomplete', 'broken', 'host-key-unknown'])(
  '%s: no line or link is printed twice, and a new connection is called created, not existing',
  async (scenario) => {
    const run = await runStep({}, { scenario });
    const lines = linesOf(run);
    expect(new Set(lines).size).toBe(lines.length);
    expect(run.log.split('https://fivetran.com/dashboard/').length - 1).toBe(1);
    expect(run.log).not.toMatch(/\bexists\b/);
  },
);

test('a reused connection is logged as existing before its tests', async () => {
  const connections = [{ id: 'crm_id', service: '15five', config: { schema: 'crm' } }];
  const run = await runStep({ inputs: { if_exists: 'reuse' } }, { connections });
  expect(linesOf(run)[0]).toMatch(/^Connection crm_id already exists; using it unchanged\.$/);
  expect(run.log).not.toContain('Created');
});

describe('debug lines', () => {
  const debugLines = ({ log }: { log: string }) =>
    log.split('\n').flatMap((line) => (line.startsWith('::debug::') ? [line.slice(9)] : []));

  test('are one per request, with method, path, status, time and try', async () => {
    const run = await runStep(
      { inputs: { if_exists: 'reuse', paused: true } },
      {
        faults: [
          on('look up', { kind: 'status', status: 503 }),
          on('create', { kind: 'rate-limit', headers: { 'Retry-After': '2' } }),
        ],
        scenario: 'incomplete-once',
      },
    );
    const [id] = run.ids;
    const lookUp = 'GET /v1/connections?group_id=decent_dropsy&schema=crm';
    const ms = '\\d+ ms';
    const expected = [
      `^${lookUp.replace('?', '\\?')}: 503, ${ms}, try 1$`,
      `^${lookUp.replace('?', '\\?')}: 200, ${ms}, try 2$`,
      `^POST /v1/connections: 429, ${ms}, try 1$`,
      `^POST /v1/connections: 201, ${ms}, try \\d$`,
      `^POST /v1/connections/${id}/test: 200, ${ms}, try 1$`,
    ];
    const lines = debugLines(run);
    expect(lines).toEqual(expected.map((pattern) => expect.stringMatching(new RegExp(pattern))));
    expect(lines).toHaveLength(run.requests.length);
  });

  test('say how a request without a status ended', async () => {
    const run = await runStep({}, { faults: [on('create', { kind: 'reset', when: 'after' })] });
    const lines = debugLines(run);
    expect(lines).toHaveLength(run.requests.length);
    expect(lines[0]).toMatch(/^POST \/v1\/connections: unknown, \d+ ms, try 1$/);
  });
});
