import { dryRun } from '../connection/dry-run.ts';
import { reconcile, syncIfWanted } from '../connection/reconcile.ts';
import { type Context, initialState, note, type State, warn } from '../connection/state.ts';
import { createClient } from '../fivetran/client.ts';
import type { Clock } from '../fivetran/http/clock.ts';
import { CancelledError } from '../fivetran/http/errors.ts';
import type { Session } from '../fivetran/http/session.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec, Copied } from '../inputs/spec.ts';
import { setupTestLines } from '../report/channels/log-lines.ts';
import type { StepLog } from '../report/runner/log.ts';
import type { Redactor } from '../secrets/redactor.ts';

/** What a run needs: its inputs, its environment, and where its output goes. */
export type Runtime = {
  /** Reads an input of the step, trimmed; empty when it is not set. */
  input: (name: string) => string;
  env: NodeJS.ProcessEnv;
  clock: Clock;
  signal: AbortSignal;
  redactor: Redactor;
  log: StepLog;
  /** The connections in progress, for the message after a crash. */
  open: Set<State>;
  /** The IDs of the connections that wait for a sync. */
  waiting: Set<string>;
};

/** The work on one connection. */
export type Job = { spec: ConnectionSpec; state: State; ctx: Context };

/** Receives a job's log lines, and its connection's id as soon as it is known. */
type Listener = {
  log: (line: string) => void;
  warn: (line: string) => void;
  onId: (id: string) => void;
};

/** Creates the job for one connection; nothing is sent yet. */
export function createJob(
  spec: ConnectionSpec,
  { session, runtime, listener }: { session: Session; runtime: Runtime; listener: Listener },
): Job {
  const { clock, redactor, open, waiting } = runtime;
  const { log, warn, onId } = listener;
  let isKnown = false;
  const receive = ({ id, connect_card: { token, uri } }: Connection): void => {
    for (const secret of [token, uri]) if (secret) redactor.mask(secret);
    if (!isKnown) onId(id);
    isKnown = true;
  };
  const logTests = (connection: Connection): void => {
    for (const line of setupTestLines(connection)) log(line);
  };
  const state = initialState(spec);
  open.add(state);
  const fivetran = createClient(session, log);
  const ctx = { fivetran, state, clock, log, warn, logTests, receive, waiting };
  return { spec, state, ctx };
}

/** Brings the job's connection to its spec, or plans that in a dry run. */
export const reconcileJob = (
  job: Job,
  runtime: Runtime,
  { dry_run }: { dry_run: boolean },
): Promise<void> =>
  attempt(job, runtime, (spec, ctx) => {
    if (spec.state === 'present' && spec.copied) tellCopied(spec.copied, ctx);
    return dry_run ? dryRun(spec, ctx) : reconcile(spec, ctx);
  });

/** Says what was copied, in the log and in the report. */
function tellCopied({ sentence, warnings }: Copied, ctx: Context): void {
  note(sentence, ctx);
  for (const warning of warnings) warn(warning, ctx);
}

/** Starts the sync that the job's spec asks for, and waits for its end. */
export const syncJob = (job: Job, runtime: Runtime): Promise<void> =>
  attempt(job, runtime, syncIfWanted);

/** Runs one part of a job. An error is recorded in the job's state, for the report. */
async function attempt(
  { spec, state, ctx }: Job,
  { signal, log }: Runtime,
  part: (spec: ConnectionSpec, ctx: Context) => Promise<void>,
): Promise<void> {
  if (state.error !== undefined) return;
  try {
    if (signal.aborted) throw new CancelledError();
    await part(spec, ctx);
  } catch (error) {
    state.error = log.failureOf(error);
  }
}
