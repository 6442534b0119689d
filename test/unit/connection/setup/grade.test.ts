import { couldNotRun, hasUnknownStatus } from '../../../../src/connection/setup/grade.ts';
import { connectionOf } from '../../../harness/connections.ts';

test.each([
  ['PASSED', []],
  ['FAILED', []],
  ['failed', []],
  ['JOB_FAILED', ['could not run']],
  ['job_failed', ['could not run']],
  ['EXPLODED', ['unknown']],
])('a setup test that is %s: %j', (status, expected) => {
  const [setupTest] = connectionOf({ setup_tests: [{ title: 'One', status }] }).setup_tests;
  if (!setupTest) throw new Error('The connection has no setup test.');
  const words = [
    couldNotRun(setupTest) && 'could not run',
    hasUnknownStatus(setupTest) && 'unknown',
  ];
  expect(words.filter(Boolean)).toEqual(expected);
});
