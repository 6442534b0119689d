import { foreignMarkup } from '../markup.ts';
import {
  certificate,
  certificateFingerprint,
  hostKey,
  hostKeyFingerprint,
} from '../sandbox/fixtures.mjs';
import { runStep } from './step.ts';

/** The cells of a summary's tables, row by row, as a reader sees them. */
const rowsOf = (summary: string) =>
  [...summary.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd]>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]*>/g, ''),
    ),
  );

test('a connected connection: the verdict, the connection with its link, and the tests', async () => {
  const { summary, connections } = await runStep();
  const id = String(connections[0]?.id);
  expect(summary).toContain(
    `<a href="https://fivetran.com/dashboard/connectors/${id}/status">${id}</a>`,
  );
  expect(summary).toContain(`Connection ${id} was created and is connected: 3 setup tests`);
  expect(rowsOf(summary)).toEqual([
    ['Connection', id],
    ['Service', '15five'],
    ['Name', 'crm'],
    ['Group', 'decent_dropsy'],
    ['Setup state', 'connected'],
    ['Sync state', 'scheduled'],
    ['Status', 'Test', 'Message'],
    ['✅ PASSED', 'Connecting to the source', ''],
    ['✅ PASSED', 'Validating credentials', ''],
    ['✅ PASSED', 'Checking permissions', ''],
  ]);
  expect(summary).not.toContain('What to do next');
  expect(summary).not.toContain('<details>');
  expect(foreignMarkup(summary)).toEqual([]);
});

test('failed tests: what failed, its details folded away, and what to do next', async () => {
  const { summary, connections } = await runStep({}, { scenario: 'failed-tests' });
  expect(summary).toMatch(/^<h2>❌/);
  expect(summary).toContain(
    `Connection ${connections[0]?.id} was created, but 1 of 3 setup tests failed`,
  );
  expect(rowsOf(summary)).toContainEqual([
    '❌ FAILED',
    'Validating credentials',
    'The source answered 401: the API key was revoked on 2026-01-05',
  ]);
  const [, title, details] =
    /<details><summary>(.*?)<\/summary><pre>(.*?)<\/pre>/.exec(summary) ?? [];
  expect(title).toContain('Validating credentials');
  expect(details).toContain('"http_status": 401');
  expect(summary.match(/<details>/g)).toHaveLength(1);
  expect(summary).toContain('What to do next');
  expect(foreignMarkup(summary)).toEqual([]);
});

test('a warning: the test, and what Fivetran says of the connection', async () => {
  const { summary } = await runStep({}, { scenario: 'warning' });
  expect(summary).toMatch(/^<h2>⚠️/);
  const rows = rowsOf(summary);
  expect(rows).toContainEqual(['Fivetran says', '2 of 41 tables cannot be read']);
  expect(rows).toContainEqual(expect.arrayContaining(['⚠️ WARNING', 'Checking permissions']));
});

test('a refusal: why, and no connection', async () => {
  const { summary } = await runStep({}, { scenario: 'unauthorized' });
  expect(summary).toMatch(/^<h2>❌/);
  expect(summary).toContain('401 Unauthorized');
  expect(rowsOf(summary)).toEqual([]);
});

test('an unknown host key is shown as ssh-keygen shows it, whatever hash the answer gives', async () => {
  const hostKeys = [{ ...hostKey, hash: 'bm90IHRoZSBoYXNo' }];
  const { summary } = await runStep({}, { scenario: 'host-key-unknown', hostKeys });
  expect(summary).toContain(`${hostKeyFingerprint}&#10;${hostKey.public_key}`);
  expect(summary).toContain('trusted_fingerprints');
});

test('an unknown certificate is shown as openssl shows it, whatever hash the answer gives', async () => {
  const certificates = [{ ...certificate, hash: 'bm90IHRoZSBoYXNo', sha256: '00'.repeat(32) }];
  const { summary } = await runStep({}, { scenario: 'certificate-unknown', certificates });
  expect(summary).toContain(certificateFingerprint);
  expect(summary).toContain('trusted_certificates');
});

test('summary: false writes none', async () => {
  const ran = await runStep({ inputs: { summary: 'false' } }, { scenario: 'failed-tests' });
  expect(ran.summary).toBe('');
  expect(ran.outputs.connection_id).toBe(ran.connections[0]?.id);
});

test.each(['', '/nowhere/summary.md'])(
  'a runner whose summary file is %j breaks nothing',
  async (GITHUB_STEP_SUMMARY) => {
    const ran = await runStep({ env: { GITHUB_STEP_SUMMARY } });
    expect(ran.exitCode).toBe(0);
    expect(ran.log).toContain('was created and is connected');
    expect(ran.annotations).toEqual([expect.objectContaining({ level: 'warning' })]);
  },
);
