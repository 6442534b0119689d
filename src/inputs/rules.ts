import type { RequestFields } from './fields.ts';
import { misfit, type Problem } from './problem.ts';

/** What has been read of a request: fields may still be of any type. */
type Unchecked = { [Field in keyof RequestFields]?: unknown };

/** The rules that hold between the fields of one create request. */
export function ruleProblems(given: Unchecked): Problem[] {
  const problems: Problem[] = [];
  if (given.daily_sync_time !== undefined && given.sync_frequency !== 1440) {
    const beside =
      given.sync_frequency === undefined ? 'with none' : `with ${given.sync_frequency}`;
    problems.push(
      misfit(
        'daily_sync_time',
        given.daily_sync_time,
        `only beside sync_frequency 1440, and it came ${beside}`,
      ),
    );
  }
  if (Number(given.data_delay_threshold) > 0 && given.data_delay_sensitivity !== 'CUSTOM') {
    problems.push(
      misfit(
        'data_delay_threshold',
        given.data_delay_threshold,
        '0, or more beside data_delay_sensitivity CUSTOM',
      ),
    );
  }
  for (const field of ['group_id', 'service'] as const) {
    if (given[field] === undefined) problems.push({ field, text: missing[field] });
  }
  return problems;
}

const missing = {
  group_id: 'missing; give the id of the destination group.',
  service: 'missing; give the connector type, such as postgres or google_ads.',
};
