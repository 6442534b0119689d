import { dryRun } from '../connection/dry-run.ts';
import { reconcile, syncIfWanted } from '../connection/reconcile.ts';
import { type Context, initialState, type State } from '../connection/state.ts';
import { createClient } from '../fivetran/client.ts';
import type { Clock } from '../fivetran/http/clock.ts';
import { CancelledError } from '../fivetran/http/errors.ts';
import type { Session } from '../fivetran/http/session.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../inputs/spec.ts';
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
};

/** The work on one connection. */
export type Job = { spec: ConnectionSpec; state: State; context: Context };

/** Receives a job's log lines, and its connection's id as soon as it is known. */
type Listener = {
  log: (line: string) => void;
  warn: (line: string) => void;
  onId: (id: string) => void;
};

/** Begins the work on one connection; nothing is sent yet. */
export function beginJob(
  spec: ConnectionSpec,
  session: Session,
  { clock, redactor, open }: Runtime,
  { log, warn, onId }: Listener,
): Job {
  let isKnown = false;
  const onConnection = ({ id, connect_card: { token, uri } }: Connection): void => {
    for (const secret of [token, uri]) if (secret) redactor.mask(secret);
    if (!isKnown) onId(id);
    isKnown = true;
  };
  const state = initialState(spec, onConnection);
  open.add(state);
  const onTestsFinal = async (connection: Connection): Promise<void> => {
    for (const line of setupTestLines(connection)) log(line);
  };
  const fivetran = createClient(session, log);
  return { spec, state, context: { fivetran, state, clock, log, warn, onTestsFinal } };
}

/** Brings the job's connection to its spec, or plans that in a dry run. */
export const work = (
  job: Job,
  runtime: Runtime,
  { dry_run }: { dry_run: boolean },
): Promise<void> => attempt(job, runtime, dry_run ? planOnly : reconcile);

const planOnly = async (spec: ConnectionSpec, context: Context): Promise<void> => {
  return dryRun(spec, context);
};

/** Starts the sync that the job's spec asks for, and waits for its end. */
export const sync = (job: Job, runtime: Runtime): Promise<void> =>
  attempt(job, runtime, syncIfWanted);

/** Runs one part of a job. An error is recorded in the job's state, for the report. */
async function attempt(
  { spec, state, context }: Job,
  { signal, log }: Runtime,
  part: (spec: ConnectionSpec, context: Context) => Promise<void>,
): Promise<void> {
  if (state.error !== undefined) return;
  try {
    if (signal.aborted) throw new CancelledError();
    await part(spec, context);
  } catch (error) {
    state.error = log.failureOf(error);
  }
}
