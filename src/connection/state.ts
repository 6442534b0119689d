import type { FivetranClient } from '../fivetran/client.ts';
import type { Clock } from '../fivetran/http/clock.ts';
import type { Failure } from '../fivetran/http/errors.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import type { FieldChange } from './plan/diff.ts';
import type { Cleanup, DryRun, InFlight, SelectionCounts, SyncEnd } from './results.ts';
import type { SelectionChange } from './selection/diff.ts';

/**
 * What is known about one connection. Updated as the work proceeds, so that it survives errors,
 * cancellation and crashes; `outcomeOf` turns it into an outcome for the report.
 */
export type State = {
  /** How a sentence begins to speak of the connection while it has no id. */
  readonly subject: string;
  /** The connection as Fivetran last returned it. */
  connection?: Connection | undefined;
  result?: 'created' | 'updated' | 'reused' | 'deleted' | 'absent' | undefined;
  /** The fields that an update changed. */
  fieldChanges?: FieldChange[] | undefined;
  /** What was changed about the selection. */
  selectionChanges?: SelectionChange[] | undefined;
  /** Whether the create was answered, or the connection was found by its name after it was not. */
  origin?: 'answered' | 'found' | undefined;
  /** How many creates went unanswered and did not make the connection that is known. */
  openCreates: number;
  /** Whether Fivetran said that the connection is gone, although this step did not delete it. */
  isGone?: boolean | undefined;
  /** Whether the selection of schemas is known to be what the spec says. */
  isSelected?: boolean | undefined;
  /** Why a connection stays paused that should run, after "stays paused, because". */
  pausedBecause?: string | undefined;
  /** What `on_failed_tests` did with a connection that this step created. */
  cleanup?: Cleanup | undefined;
  /** What `on_failed_tests` asked for, when it is unknown whether it was done. */
  unknownCleanup?: 'pause' | 'delete' | undefined;
  inFlight?: InFlight | undefined;
  /** Sentences that a reader must see besides the result. Each was logged when it was added. */
  notes: string[];
  dryRun?: DryRun | undefined;
  selection?: SelectionCounts | undefined;
  sync?: SyncEnd | undefined;
  error?: Failure | undefined;
};

/** What the work on one connection needs. */
export type Context = {
  fivetran: FivetranClient;
  state: State;
  clock: Clock;
  /** Writes one line to the connection's log. */
  log: (line: string) => void;
  /** Writes one line to the log that is shown as a warning of the step. */
  warn: (line: string) => void;
  /** Logs the results of the setup tests once they are final. */
  logTests: (connection: Connection) => void;
  /** The IDs of all connections of the run that wait for a sync. */
  waiting: Set<string>;
  /** Receives each response about the connection, and masks the secrets in it. */
  receive: (connection: Connection) => void;
};

/** The state of a connection before any request. */
export const initialState = (spec: ConnectionSpec): State => ({
  subject: subjectOf(spec),
  openCreates: 0,
  notes: [],
});

function subjectOf(spec: ConnectionSpec): string {
  if (spec.state === 'present') return subjectNamed(spec.service, spec);
  const { target, expect } = spec;
  return target.kind === 'id'
    ? `Connection ${target.connection_id}`
    : subjectNamed(expect.service, target);
}

function subjectNamed(
  service: string | undefined,
  { name, group_id }: Pick<PresentSpec, 'name' | 'group_id'>,
): string {
  return [
    service ? `The ${service} connection` : 'The connection',
    name ?? 'without a name in config',
    `in group ${group_id}`,
  ].join(' ');
}

/**
 * Records a response about the connection. Only some responses include setup tests and a connect card;
 * if this one does not, the known ones are kept.
 */
export function observe(response: Connection, { state, receive }: Context): Connection {
  const known = state.connection?.id === response.id ? state.connection : undefined;
  const { setup_tests, connect_card } = response;
  const connection = {
    ...response,
    setup_tests: setup_tests.length > 0 ? setup_tests : (known?.setup_tests ?? []),
    connect_card: connect_card.uri ? connect_card : (known?.connect_card ?? connect_card),
  };
  state.connection = connection;
  receive(connection);
  return connection;
}

/** Adds a note and logs it. */
export function note(sentence: string, { state, log }: Pick<Context, 'state' | 'log'>): void {
  state.notes.push(sentence);
  log(sentence);
}

/** Adds a note and logs it as a warning. */
export function warn(sentence: string, { state, warn }: Pick<Context, 'state' | 'warn'>): void {
  state.notes.push(sentence);
  warn(sentence);
}

/** Counts a connection that existed before as changed, once a change of it was accepted. */
export function countAsUpdated(state: State): void {
  if (state.result === 'reused') state.result = 'updated';
}
