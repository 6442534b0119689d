import {
  cleanUp,
  endedOf,
  failureOf,
  faring,
  type ManifestRan,
  manifestOf,
  manyOf,
  resultsOf,
  runManifest,
} from './manifest-step.ts';
import { annotated } from './step.ts';

afterEach(cleanUp);

/** One goes well, the tests of one fail, one is refused, and one comes after them. */
const mixed = manifestOf({ crm: {}, ads: {}, mail: {}, shop: {} });
const fates = faring({ ads: 'failed-tests', mail: 'forbidden', shop: 'warning' });

const runMixed = (inputs = {}) => runManifest(mixed, { inputs }, { scenarioFor: fates });

const groupsIn = ({ log }: ManifestRan) =>
  [...log.matchAll(/^::group::(.*)\n([\s\S]*?)^::endgroup::$/gm)].map(([, title, lines = '']) => ({
    title,
    lines: lines.split('\n').filter(Boolean),
  }));

test('the output connections says how each one ended', async () => {
  const ran = await runMixed();
  const idOf = (name: string) => ran.connections.find(({ schema }) => schema === name)?.id;
  const ended = endedOf(ran);
  expect(Object.keys(ended)).toEqual(['crm', 'ads', 'mail', 'shop']);
  expect(ended.crm).toEqual({
    connection_id: idOf('crm'),
    result: 'created',
    setup_state: 'connected',
    failed_tests: [],
    error: null,
  });
  expect(ended.ads).toEqual({
    connection_id: idOf('ads'),
    result: 'created',
    setup_state: 'incomplete',
    failed_tests: [
      {
        title: 'Validating credentials',
        status: 'FAILED',
        message: 'The source answered 401: the API key was revoked on 2026-01-05',
        details: { http_status: 401, endpoint: 'https://my.15five.com/api/public/user/' },
      },
    ],
    error: expect.stringMatching(/1 of 3 setup tests failed: Validating credentials/),
  });
  expect(ended.mail).toEqual({
    connection_id: '',
    result: '',
    setup_state: '',
    failed_tests: [],
    error: expect.stringMatching(/answered 403 Forbidden/),
  });
});

test('the outputs of a single connection stay empty', async () => {
  const { outputs } = await runManifest(manyOf(1));
  const filled = Object.entries(outputs).filter(([, value]) => value !== '');
  expect(filled.map(([name]) => name)).toEqual(['connections']);
});

test('a failure stops no other connection, and the step fails naming those that failed', async () => {
  const ran = await runMixed({ max_parallel: 1 });
  expect(resultsOf(ran)).toEqual({
    crm: 'created',
    ads: 'failed created',
    mail: 'failed',
    shop: 'created',
  });
  expect(ran.exitCode).toBe(1);
  expect(failureOf(ran)).toBe('2 of 4 connections failed: ads, mail. The others: 2 created.');
  expect(annotated(ran, 'error')).toEqual([
    expect.stringMatching(/^ads: .*Validating credentials/),
    expect.stringMatching(/^mail: .*403/),
    failureOf(ran),
  ]);
  expect(annotated(ran, 'warning')).toEqual([expect.stringMatching(/^shop: /)]);
});

test('when all goes well the step succeeds and says what was done', async () => {
  const ran = await runManifest(manyOf(3));
  expect(ran.exitCode).toBe(0);
  expect(ran.annotations).toEqual([]);
  expect(ran.log).toMatch(/^3 connections: 3 created\.$/m);
});

test('of very many that failed, the failure line names the first twenty and counts the rest', async () => {
  const ran = await runManifest(manyOf(25), {}, { scenario: 'forbidden' });
  const names = Array.from({ length: 20 }, (_, at) => `source_${at + 1}`).join(', ');
  expect(failureOf(ran)).toBe(`25 of 25 connections failed: ${names} and 5 more.`);
  // The runner shows ten annotations of a kind for a step.
  expect(annotated(ran, 'error')).toHaveLength(10);
});

describe('the log', () => {
  test('has one group for each connection with what belongs to it, and nothing else', async () => {
    const { requests, ...ran } = await runMixed({ max_parallel: 4 });
    const groups = groupsIn({ requests, ...ran });
    expect(groups.map(({ title }) => title).sort()).toEqual(['ads', 'crm', 'mail', 'shop']);
    const ended = endedOf(ran);
    for (const { title = '', lines } of groups) {
      const { connection_id = '' } = ended[title] ?? {};
      const ids = lines.join('\n').match(/connectors\/\w+/g) ?? [];
      expect(ids).toEqual(connection_id ? [`connectors/${connection_id}`] : []);
    }
    expect(groups.find(({ title }) => title === 'ads')?.lines).toContainEqual(
      expect.stringMatching(/^FAILED {2}Validating credentials: The source answered 401/),
    );
  });

  test('has a line as each connection starts and as it ends, outside of the groups', async () => {
    const { log } = await runMixed();
    const outside = log.replace(/^::group::[\s\S]*?^::endgroup::$/gm, '');
    for (const name of ['crm', 'ads', 'mail', 'shop']) {
      const lines = outside.split('\n').filter((line) => line.startsWith(`${name}: `));
      expect(lines[0]).toBe(`${name}: started.`);
      expect(lines.at(-1)).toMatch(/: (Connection \w+ was created|Could not create)/);
    }
  });

  test('says what was waited for in the group of the connection that waited', async () => {
    const faults = [{ kind: 'rate-limit', headers: { 'Retry-After': '1' } } as const];
    const ran = await runManifest(manyOf(1), {}, { faults });
    expect(groupsIn(ran)[0]?.lines[0]).toMatch(/rate limit is reached \(429\)/);
  });
});

describe('the summary', () => {
  const cells = (row: string) =>
    [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, ''));

  test('has the verdict and the counts, a table of all, and the failed ones in detail', async () => {
    const ran = await runMixed();
    const { crm, ads, shop } = endedOf(ran);
    const [verdict = '', counts = '', all = ''] = ran.summary.split('\n\n');
    expect(verdict).toBe('<h2>❌ Fivetran connections</h2>');
    expect(counts).toContain('2 of 4 connections failed: ads, mail. The others: 2 created.');
    const time = expect.stringMatching(/^\d+\.\d s$/);
    expect((all.match(/<tr>.*?<\/tr>/g) ?? []).slice(1).map(cells)).toEqual([
      ['✅ crm', 'anything', 'created', 'connected', '3 passed', time, crm?.connection_id],
      [
        '❌ ads',
        'anything',
        'created',
        'incomplete',
        '2 passed, 1 failed',
        time,
        ads?.connection_id,
      ],
      ['❌ mail', 'anything', 'failed', '', '', time, ''],
      ['⚠️ shop', 'anything', 'created', 'connected', '3 passed', time, shop?.connection_id],
    ]);
    expect(all).toContain(
      `href="https://fivetran.com/dashboard/connectors/${crm?.connection_id}/status"`,
    );
    const details = ran.summary.slice(ran.summary.indexOf('</table>'));
    expect(details.match(/<h3>❌ .*?<\/h3>/g)).toEqual(['<h3>❌ ads</h3>', '<h3>❌ mail</h3>']);
    expect(details).toContain('The source answered 401: the API key was revoked on 2026-01-05');
    expect(details).toContain('"http_status": 401');
    expect(details).toContain('answered 403 Forbidden');
  });

  test.each([
    ['✅', {}],
    ['⚠️', { source_1: 'warning' }],
  ])('begins with %s when no connection failed', async (mark, given) => {
    const { summary } = await runManifest(manyOf(2), {}, { scenarioFor: faring(given) });
    expect(summary).toContain(`<h2>${mark} Fivetran connections</h2>`);
    expect(summary).toContain('2 connections: 2 created.');
  });

  test('is not written when the step says so', async () => {
    expect((await runMixed({ summary: false })).summary).toBe('');
  });
});

test('a manifest without connections has nothing to do, and says so', async () => {
  const ran = await runManifest({ connections: {} });
  expect(ran.exitCode).toBe(0);
  expect(ran.requests).toEqual([]);
  expect(ran.log).toMatch(/^Nothing to do/m);
  expect(ran.outputs.connections).toBe('{}');
});
