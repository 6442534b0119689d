import type { Connection } from '../../fivetran/responses/connection.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import type { PresentPlan } from './plan.ts';
import { createRequest } from './request-diff.ts';

/** What is known of a connection once its plan was carried out; of a new one, what the request says. */
export type Expected = Pick<Connection, 'isPaused' | 'hasSynced'> & {
  isNew: boolean;
  /** Whether it existed before and was, or will be, changed. */
  isUpdated: boolean;
  setup_state: string | undefined;
};

/** What follows after a plan was carried out. */
export type FollowUps = {
  runsTests: boolean;
  /** Whether a selection is applied: not to a connection that is not connected and stays untested. */
  appliesSelection: boolean;
  /** Whether the connection is unpaused: once its selection is applied, or for the sync. */
  unpauses: boolean;
  /** Why no sync can be started; ends "Connection … cannot sync: …". */
  blocksSync?: string;
};

/** What is known of the connection after a plan, before it is carried out. */
export function expectedAfter(plan: PresentPlan, spec: PresentSpec): Expected {
  if (!('connection' in plan) || !plan.connection) {
    const isPaused = createRequest(spec).paused === true;
    return { isNew: true, isUpdated: false, isPaused, hasSynced: false, setup_state: undefined };
  }
  const { isPaused, hasSynced, status } = plan.connection;
  const patched = plan.action === 'update' ? plan.patch.paused : undefined;
  const { setup_state } = status;
  const isUpdated = plan.action === 'update';
  return { isNew: false, isUpdated, isPaused: patched ?? isPaused, hasSynced, setup_state };
}

/** What is known of a connection that was returned after a plan was carried out. */
export const known = (
  { isPaused, hasSynced, status: { setup_state } }: Connection,
  result: string | undefined,
): Expected => ({
  isNew: result === 'created',
  isUpdated: result === 'updated',
  isPaused,
  hasSynced,
  setup_state,
});

/**
 * Decides what a step does after its plan. The real run, its sync and its selection, and the dry run
 * all read it.
 */
export function followUps(spec: PresentSpec, expected: Expected): FollowUps {
  const { request, selection, if_exists, wait_for_sync } = spec;
  const { isNew, isUpdated, isPaused, hasSynced, setup_state } = expected;
  const runsTests = request.run_setup_tests !== false;
  const isUnsound = !runsTests && setup_state !== undefined && setup_state !== 'connected';
  const appliesSelection = selection !== undefined && !isUnsound;
  // A new connection stays paused until its selection is applied. Of one that existed before, an
  // interrupted first run is completed.
  const wantsToRun = isNew
    ? selection !== undefined || wait_for_sync !== false
    : appliesSelection && if_exists === 'update' && (request.paused === false || !hasSynced);
  const unpauses = isPaused && request.paused !== true && wantsToRun;
  const blocksSync =
    isPaused && !unpauses
      ? 'it is paused'
      : isUnsound && (setup_state === 'incomplete' || isUpdated)
        ? `its setup is ${setup_state}`
        : selection && !appliesSelection
          ? 'its selection is not applied'
          : undefined;
  return {
    runsTests,
    appliesSelection,
    unpauses,
    ...(blocksSync !== undefined && { blocksSync }),
  };
}
