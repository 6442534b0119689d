import { type Aftermath, moment } from './fault-run.ts';
import type { Fault } from './sandbox/faults.mjs';

/** The requests of a run that a fault may befall. */
export const REQUESTS = {
  create: { method: 'POST', path: '/v1/connections' },
  'look up': { method: 'GET', path: '/v1/connections' },
  test: { method: 'POST', path: '/v1/connections/{id}/test' },
} as const;

export type RequestName = keyof typeof REQUESTS;

/** The fault, on the requests of this name. */
export const on = (request: RequestName, fault: Omit<Fault, 'method' | 'path'>): Fault => ({
  ...REQUESTS[request],
  ...fault,
});

/** A connection of the wished name that was there an hour before the step began. */
export const OLDER = {
  id: 'older_one',
  schema: 'crm',
  service: '15five',
  created_at: moment(-3_600_000),
};

/** How a run ended, by what it says; never by what is true. */
export type Ending = 'created' | 'names it' | 'may exist' | 'none';

/** What a run says of the connection in the end. */
export function ending({ state, verdict }: Aftermath, ids: readonly string[]): Ending {
  if (verdict.grade !== 'failed') return 'created';
  if (/ may exist/.test(verdict.sentence)) return 'may exist';
  const named = [state.connection?.id ?? '', ...ids].some(
    (id) => id !== '' && verdict.sentence.includes(id),
  );
  return named ? 'names it' : 'none';
}

/**
 * Holds what a run says against what the sandbox has: never two, none lost, none taken over.
 *
 * @param older the ids of the connections that were there before the run
 */
export function expectAgreement(aftermath: Aftermath, older: readonly string[] = []): void {
  const { ids, state } = aftermath;
  const made = ids.filter((id) => !older.includes(id));
  const end = ending(aftermath, ids);
  expect(older.filter((id) => !ids.includes(id))).toEqual([]);
  expect(made.length).toBeLessThanOrEqual(1);
  if (end === 'created') expect(state.result).toBe('created');
  // What a run calls created is the one that it made, and no other.
  if (state.result === 'created') expect([state.connection?.id]).toEqual(made);
  else expect(state.connection).toBeUndefined();
  // And one that it made it does not pass over in silence.
  if (end === 'none') expect(made).toEqual([]);
}
