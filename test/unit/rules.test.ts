import { ruleProblems } from '../../src/inputs/rules.ts';

const problemsOf = (given: object) =>
  ruleProblems({ group_id: 'decent_dropsy', service: '15five', config: { schema: 'a' }, ...given });

test.each([
  {},
  { sync_frequency: 1440 },
  { sync_frequency: 1440, daily_sync_time: '14:00' },
  { data_delay_threshold: 0 },
  { data_delay_threshold: 0, data_delay_sensitivity: 'NORMAL' },
  { data_delay_threshold: 60, data_delay_sensitivity: 'CUSTOM' },
  { data_delay_sensitivity: 'CUSTOM' },
])('%j is fine', (given) => {
  expect(problemsOf(given)).toEqual([]);
});

test.each([
  [{ daily_sync_time: '14:00' }, 'daily_sync_time', ['"14:00"', 'sync_frequency 1440', 'none']],
  [
    { daily_sync_time: '14:00', sync_frequency: 60 },
    'daily_sync_time',
    ['sync_frequency 1440', '60'],
  ],
  [{ data_delay_threshold: 60 }, 'data_delay_threshold', ['60', 'CUSTOM']],
  [
    { data_delay_threshold: 1, data_delay_sensitivity: 'HIGH' },
    'data_delay_threshold',
    ['1', 'CUSTOM'],
  ],
  [{ group_id: undefined }, 'group_id', ['missing', 'destination group']],
  [{ service: undefined }, 'service', ['missing', 'connector type']],
])('%j is refused', (given, field, words) => {
  const problems = problemsOf(given);
  expect(problems.map((problem) => problem.field)).toEqual([field]);
  for (const word of words) expect(problems[0]?.text).toContain(word);
});

test('every broken rule is told', () => {
  const given = {
    group_id: undefined,
    service: undefined,
    daily_sync_time: '14:00',
    data_delay_threshold: 5,
  };
  expect(
    problemsOf(given)
      .map(({ field }) => field)
      .sort(),
  ).toEqual(['daily_sync_time', 'data_delay_threshold', 'group_id', 'service']);
});
