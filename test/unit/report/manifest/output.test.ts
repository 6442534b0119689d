import { describe, expect, test } from '@jest/globals';
import type { EntryReport } from '../../../../src/report/manifest/entry.ts';
import { manifestOutputs } from '../../../../src/report/manifest/output.ts';
import { readable } from '../../../project/markup.ts';
import { bad, failedEntry, fine, many, passedEntry, reported } from '../entries.ts';
import { failedTest, present } from '../outcomes.ts';

const connectionsOutput = (reports: EntryReport[]): string =>
  manifestOutputs(reports, '').outputs.connections ?? '';

describe('the output connections', () => {
  test('says how each entry ended', () => {
    const { error, ...others } = JSON.parse(connectionsOutput([failedEntry])).failed;
    expect(others).toEqual({
      connection_id: 'open_mosaic',
      result: 'created',
      plan: null,
      setup_state: 'connected',
      failed_tests: [failedTest],
    });
    expect(error).toMatch(/1 of 3 setup tests failed: Validating credentials\./);
    expect(JSON.parse(connectionsOutput([passedEntry])).passed.error).toBeNull();
  });

  test.each([
    ['long details', 3000],
    ['very many entries', 50_000],
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

  test('the other JSON outputs of a manifest are valid too', async () => {
    const { outputs } = await reported({ ads: bad });
    expect(outputs).toMatchObject({ failed_tests: '[]', setup_tests: '[]', connection: '{}' });
    expect(outputs.error).toBe('1 of 1 connection failed: ads.');
    expect((await reported({ crm: fine })).outputs.error).toBe('');
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
