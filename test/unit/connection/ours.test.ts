import { isOurs } from '../../../src/connection/ours.ts';
import type { PresentSpec } from '../../../src/inputs/spec.ts';
import { connectionOf } from '../../harness/connections.ts';

const spec = { service: 'postgres', request: { sync_frequency: 60 } } as unknown as PresentSpec;
const second = Date.UTC(2026, 0, 5, 12);
/** The look-up took from 1.7 s to 5 s after the create was sent: by its clock, from 1 s to 4.3 s. */
const since = second + 500;
const clock = { server: second + 6000, sent: since + 1700, local: since + 5000 };
const judged = (ms: number, more: object = {}, times: object = {}) => {
  const created_at = new Date(second + ms).toISOString().replace('.000Z', 'Z');
  const found = connectionOf({ created_at, sync_frequency: 60, ...more });
  return isOurs(found, spec, { clock, since, ...times });
};

test.each([
  ['too old', 'no', -9001],
  ['too old by what clocks may disagree', 'unknown', -9000],
  ['as old as the create may be', 'unknown', 4299],
  ['younger than the create', 'yes', 4300],
  ['of the whole second of the create', 'yes', 4000],
  ['of an earlier second', 'unknown', 3999],
  ['of the second of the look-up', 'yes', 6999],
  ['younger than the look-up', 'unknown', 7000],
])('a connection that is %s is from this step: %s (%i ms)', (_what, verdict, ms) => {
  expect(judged(ms)).toBe(verdict);
});

test.each([
  ['of another service', 'no', { service: 'mysql' }, {}],
  ['whose service is not shown', 'unknown', { service: undefined }, {}],
  ['with another value', 'unknown', { sync_frequency: 5 }, {}],
  ['that lacks a value', 'yes', { sync_frequency: undefined }, {}],
  ['found where every create was answered', 'no', {}, { since: undefined }],
  ['found without Date', 'unknown', {}, { clock: undefined }],
  ['without a time of creation', 'unknown', { created_at: undefined }, {}],
])('a connection %s is from this step: %s', (_what, verdict, more, times) => {
  expect(judged(5000, more, times)).toBe(verdict);
});
