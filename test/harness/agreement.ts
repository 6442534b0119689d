import { failureOf } from './reading.ts';
import { timestampAt } from './sandboxes.ts';
import type { StepRun } from './step.ts';

/** A connection of the wanted name that was created an hour before the step began. */
export const OLDER = {
  id: 'older_one',
  schema: 'crm',
  service: '15five',
  created_at: timestampAt(-3_600_000),
};

/** How a step ended according to its own report. */
export type Ending = 'created' | 'names it' | 'may exist' | 'none';

/** What a step finally reports about the connection. */
export function ending(run: StepRun): Ending {
  if (run.exitCode === 0) return 'created';
  const failure = failureOf(run);
  if (/ may exist/.test(failure)) return 'may exist';
  const ids = [run.outputs.connection_id ?? '', ...run.ids];
  return ids.some((id) => id !== '' && failure.includes(id)) ? 'names it' : 'none';
}

/**
 * Holds what a step that creates says against what the sandbox has: never two, none lost, none taken
 * over.
 *
 * @param older the ids of the connections that existed before the step
 */
export function expectAgreement(run: StepRun, older: readonly string[] = []): void {
  const { ids, outputs } = run;
  const created = ids.filter((id) => !older.includes(id));
  const end = ending(run);
  expect(older.filter((id) => !ids.includes(id))).toEqual([]);
  expect(created.length).toBeLessThanOrEqual(1);
  if (end === 'created') expect(outputs.result).toBe('created');
  // What a step calls created is the one that it created, and no other.
  if (outputs.result === 'created') expect([outputs.connection_id]).toEqual(created);
  else expect(outputs.connection_id ?? '').toBe('');
  // And it never keeps quiet about one that it created.
  if (end === 'none') expect(created).toEqual([]);
}
