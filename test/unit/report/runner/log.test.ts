import { CancelledError, FivetranError } from '../../../../src/fivetran/http/errors.ts';
import { createStepLog } from '../../../../src/report/runner/log.ts';
import { recordingToolkit } from '../../../harness/runner-toolkit.ts';
import { recordedLog, redactorOf } from '../outcomes.ts';

test.each(['::error::forged', '  ::set-output name=x::y', '::add-mask::x'])(
  '%j is no workflow command in the log',
  (text) => {
    const { log, result } = recordedLog();
    log.info(text);
    expect(result().log).toMatch(/^·/);
  },
);

test('a text of several lines is one line', () => {
  const { log, result } = recordedLog();
  log.info('first\n::error::second\r\nthird');
  expect(result().log).toBe('first ::error::second third\n');
});

test('a secret is redacted, on one line or on several', () => {
  const { log, result } = recordedLog(redactorOf('top secret', 'line one\nline two'));
  log.info('a top secret, and a top\nsecret');
  log.error('line one\nline two', { title: 'top secret', file: 'top secret' });
  log.notice('top secret');
  log.group('top secret', ['top secret']);
  log.fail('top secret');
  log.debug('top secret');
  expect(result().log).not.toMatch(/secret|line/);
});

test('an annotation has its file and line', () => {
  const { log, result } = recordedLog();
  log.error('No.', { file: 'fivetran.yml', line: 12 });
  expect(result().log).toBe('::error file=fivetran.yml,line=12::No.\n');
});

test('texts are bounded', () => {
  const { log, result } = recordedLog();
  const long = 'x'.repeat(100_000);
  log.warning(long, { title: long });
  log.debug(long);
  for (const line of result().log.split('\n')) expect(line.length).toBeLessThan(4000);
});

test('a group has its lines and its end', () => {
  const { log, result } = recordedLog();
  log.group('title', ['one', 'two']);
  expect(result().log).toBe('::group::title\none\ntwo\n::endgroup::\n');
});

test.each([
  new FivetranError({ message: 'Fivetran said no.', shortReason: '403', hint: 'Ask it.' }),
  new CancelledError(),
])('an expected error keeps its parts: %s', (error) => {
  const { message, shortReason, hint } = error;
  expect(recordedLog().log.failureOf(error)).toEqual({ message, shortReason, hint });
});

test('an unforeseen error has its stack in the debug log only', () => {
  const { log, result } = recordedLog();
  const failure = log.failureOf(new TypeError('x is not a function'));
  expect(failure).toEqual({
    message: 'Internal error: x is not a function.',
    shortReason: 'internal error',
    hint: 'Turn on debug logging to see where it happened.',
  });
  expect(result().log).toMatch(/^::debug::TypeError: x is not a function%0A {4}at /);
});

test('what was thrown need not be an error', () => {
  expect(recordedLog().log.failureOf('nonsense').message).toBe('Internal error: nonsense.');
});

test('a runner without a summary file gets a warning', async () => {
  const { toolkit, result } = recordingToolkit({});
  const writeSummary = () => Promise.reject(new Error('no file'));
  await createStepLog({ ...toolkit, writeSummary }, redactorOf()).writeSummary('x');
  expect(result().log).toBe('::warning::Could not write the job summary: no file\n');
});
