import { connectionSummary } from '../../src/report/summary.ts';
import { verdictOn } from '../../src/report/verdict.ts';
import { makeRedactor } from '../../src/secrets/redactor.ts';
import { progressOf } from './progress-of.ts';

const asIs = (text: string) => text;

function summaryOf(answer: object, redact = asIs) {
  const state = progressOf(answer);
  return connectionSummary(state, verdictOn(state), redact);
}

const redactionOf = (secret: string) => {
  const secrets = makeRedactor(() => {});
  secrets.mask(secret);
  return secrets.redact;
};

const failure = { title: 'Validating', status: 'FAILED', message: 'no' };

test('a summary is no longer than the runner takes, 1 MiB', () => {
  const long = '<&'.repeat(20_000);
  const test = { title: long, status: 'FAILED', message: long, details: long };
  const setup_tests = Array.from({ length: 200 }, () => test);
  const tasks = Array.from({ length: 1000 }, () => ({ code: long, message: long }));
  const summary = summaryOf({ setup_tests, status: { tasks } });
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
});

test('what does not fit is counted', () => {
  const test = { ...failure, message: 'x'.repeat(2000), details: 'y'.repeat(8000) };
  const setup_tests = Array.from({ length: 1000 }, (_, at) => ({ ...test, title: `Test ${at}.` }));
  const summary = summaryOf({ setup_tests });
  for (const [shown, left] of [
    [summary.match(/<td>Test \d+\.<\/td>/g), /<p>And (\d+) more\.<\/p>/.exec(summary)],
    [summary.match(/<summary>Test \d+\./g), /<p>And (\d+) more with details\.<\/p>/.exec(summary)],
  ]) {
    expect(shown?.length).toBeGreaterThan(20);
    expect((shown?.length ?? 0) + Number(left?.[1])).toBe(1000);
  }
});

test('long texts are cut, and say so', () => {
  const message = 'x'.repeat(10_000);
  const summary = summaryOf({ setup_tests: [{ ...failure, message }] });
  expect(summary).toContain('… (truncated)');
  expect(summary).not.toContain(message);
});

describe('a secret that an answer gives back', () => {
  const secret = 'quo"te \\ and\nthe second line';
  const redact = redactionOf(secret);
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

  test.each([
    ['a message', { message: `got ${secret}` }],
    ['details that are text', { details: secret }],
    ['details that are an object', { details: { got: secret } }],
    ['details with JSON in them', { details: { got: inJson(secret) } }],
    ['a message that is an object', { message: { got: secret } }],
    ['a message with JSON in it', { message: { got: inJson(secret) } }],
    ['a key', { details: { [secret]: 1 } }],
    ['a title', { title: secret }],
    ['a title, where it is cut', { title: `${'x'.repeat(190)}${secret}` }],
    ['details, where they are cut', { details: `${'x'.repeat(7990)}${secret}` }],
    ['a message, where it is cut', { message: `${'x'.repeat(1990)}${secret}` }],
  ])('is not in the summary for %s', (_where, more) => {
    const summary = summaryOf({ setup_tests: [{ ...failure, ...more }] }, redact);
    expect(summary).toContain('***');
    expect(summary).not.toMatch(/quo|the second line|te &#92; and/);
  });
});
