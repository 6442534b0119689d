import type { EntryReport } from '../../../../src/report/manifest/entry.ts';
import { manifestOutputs } from '../../../../src/report/manifest/output.ts';
import { manifestComment } from '../../../../src/report/manifest/page.ts';
import { readable } from '../../../project/markup.ts';
import { bad, entry, failedEntry, fine, many, passedEntry, reported, scope } from '../entries.ts';
import { dryRun, failedTest, present } from '../outcomes.ts';

const connectionsOutput = (reports: EntryReport[]): string =>
  manifestOutputs(reports, '').outputs.connections ?? '';

describe('the output connections', () => {
  test.each([
    ['long details', 3000],
    ['very many entries', 10_000],
  ])('has at most 900 kB and is valid JSON: %s', (_, count) => {
    const failed_tests = [{ ...failedTest, message: 'm'.repeat(500), details: 'd'.repeat(1000) }];
    const reports = [...many(count, passedEntry), { ...failedEntry, failed_tests }];
    const long = many(count, failedEntry, () => ({ failed_tests }));
    for (const given of [reports, long]) {
      const output = connectionsOutput(given);
      expect(Buffer.byteLength(output)).toBeLessThanOrEqual(900_000);
      expect(Object.keys(JSON.parse(output)).length).toBeGreaterThan(2000);
    }
    expect(JSON.parse(connectionsOutput(reports))).toHaveProperty('failed');
  });

  test.each([
    [900, 900],
    [4000, 0],
  ])('shortens %i long entries before it leaves out one', (count, kept) => {
    const failed_tests = [{ ...failedTest, message: 'm'.repeat(3000) }];
    const reports = many(count, failedEntry, () => ({ failed_tests, error: 'e'.repeat(1000) }));
    const entries = Object.values<EntryReport>(JSON.parse(connectionsOutput(reports)));
    expect(entries).toHaveLength(count);
    expect(entries.filter((entry) => entry.failed_tests.length === 1)).toHaveLength(kept);
  });

  test('the other JSON outputs of a manifest are valid too', async () => {
    const { outputs } = await reported({ ads: bad });
    expect(outputs).toMatchObject({ failed_tests: '[]', setup_tests: '[]', connection: '{}' });
    expect(outputs.error).toBe('1 of 1 connection failed: ads.');
    expect((await reported({ crm: fine })).outputs.error).toBe('');
  });
});

test('entries that are left out are counted in the log', () => {
  const { notes } = manifestOutputs(many(10_000, passedEntry), '');
  const changed = many(2000, passedEntry, () => ({ changes: ['x'.repeat(100)] }));
  expect(manifestOutputs(changed, '').notes).toEqual([
    expect.stringMatching(/^The output changes .* left out \d+ of 2000 changes\.$/),
  ]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^The output connections has no room for everything: .*left out \d+ of 10000 connections\.$/,
    ),
  ]);
});

describe('a dry run', () => {
  const change = { field: 'config.host', from: 'a', to: 'b', shown: 'values' as const };
  const update = dryRun({ plan: 'update', fieldChanges: [change] });
  const refuse = dryRun({ plan: 'refuse', problems: ['No.'] });
  const plans = (...given: ('create' | 'delete' | 'reuse' | 'nothing')[]) =>
    Object.fromEntries(given.map((plan) => [plan, dryRun({ plan })]));

  test.each([
    ['refuse', { ...plans('create', 'nothing'), refuse }],
    ['create', { ...plans('nothing', 'delete', 'create'), update }],
    ['delete', { update, ...plans('delete', 'reuse') }],
    ['update', { ...plans('reuse', 'nothing'), update }],
    ['reuse', plans('nothing', 'reuse')],
    ['nothing', plans('nothing')],
    ['', {}],
  ])('has the plan %j', async (plan, outcomes) => {
    const { outputs } = await reported(outcomes, { dry_run: true });
    expect(outputs.plan).toBe(plan);
    for (const [name, { plan: own }] of Object.entries<{ plan: string }>(
      JSON.parse(outputs.connections ?? ''),
    )) {
      expect(own).toBe(name);
    }
  });

  test('has the changes of all entries, each with its name', async () => {
    const { outputs } = await reported({ crm: update, shop: update }, { dry_run: true });
    expect(outputs.changes).toBe('crm: config.host: a → b\nshop: config.host: a → b');
  });

  test('shows the changes in the comment', () => {
    const comment = manifestComment([entry('crm', update)], { ...scope, dry_run: true });
    expect(readable(comment)).toContain('crm: config.host: a → b');
  });
});

describe('secrets', () => {
  test('in an answer are redacted everywhere', async () => {
    const message = 'got s3cret-word';
    const status = { setup_state: 's3cret-word', tasks: [{ code: 'x', message }] };
    const outcome = present({
      status,
      setup_tests: [{ ...failedTest, message, details: message }],
    });
    const run = await reported({ crm: outcome }, { secrets: ['s3cret-word'] });
    expect(JSON.stringify(run)).toContain('***');
    expect(JSON.stringify(run)).not.toContain('s3cret');
  });

  test('in the names of entries are redacted, and the names stay distinct', async () => {
    const run = await reported(
      { s3cret_one: fine, s3cret_two: bad },
      { secrets: ['s3cret_one', 's3cret_two'] },
    );
    expect(JSON.stringify(run)).not.toContain('s3cret');
    expect(Object.keys(JSON.parse(run.outputs.connections ?? ''))).toEqual(['***', '*** (2)']);
    expect(readable(run.summary)).toContain('❌ *** (2)');
  });
});
