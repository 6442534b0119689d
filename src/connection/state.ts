import type { FivetranClient } from '../fivetran/client.ts';
import type { Clock } from '../fivetran/http/clock.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import type { ConnectionSpec, PresentSpec } from '../inputs/spec.ts';
import type { Change } from './diff.ts';
import type { DryRun, Failure, InFlight, SelectionCounts, SyncEnd } from './results.ts';

/**
 * What is known about one connection. Updated as the work proceeds, so that it survives errors,
 * cancellation and crashes; `outcomeOf` turns it into an outcome for the report.
 */
export type State = {
  /** How a sentence begins to speak of the connection while it has no id. */
  readonly subject: string;
  /** The connection as Fivetran last returned it. */
  connection?: Connection | undefined;
  change?: 'created' | 'updated' | 'reused' | 'deleted' | 'absent' | undefined;
  /** The fields that an update changed. */
  changes?: Change[] | undefined;
  /** Whether the answer to the create was lost, and the connection was found by its name. */
  isAdopted?: boolean | undefined;
  /** Whether the selection of schemas is known to be what the spec says. */
  isSelected?: boolean | undefined;
  /** What `on_failed_tests` did with a connection that this step created. */
  cleanup?: 'paused' | 'deleted' | undefined;
  inFlight?: InFlight | undefined;
  /** Sentences that a reader must see besides the result. Each was logged when it was added. */
  notes: string[];
  dryRun?: DryRun | undefined;
  selection?: SelectionCounts | undefined;
  sync?: SyncEnd | undefined;
  error?: string | undefined;
  failure?: Failure | undefined;
  /** Called with each answer about the connection. */
  readonly onConnection: (connection: Connection) => void;
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
  /** Called once the results of the setup tests are final. */
  onTestsFinal: (connection: Connection) => Promise<void>;
};

/** The state of a connection before any request. */
export function initialState(
  spec: ConnectionSpec,
  onConnection: (connection: Connection) => void,
): State {
  return { subject: subjectOf(spec), notes: [], onConnection };
}

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
 * Records an answer about the connection. Only some answers include setup tests and a connect card;
 * if this one does not, the known ones are kept.
 */
export function observe(state: State, answer: Connection): Connection {
  const known = state.connection?.id === answer.id ? state.connection : undefined;
  const connection = {
    ...answer,
    setup_tests: answer.setup_tests.length > 0 ? answer.setup_tests : (known?.setup_tests ?? []),
    connect_card: answer.connect_card.uri
      ? answer.connect_card
      : (known?.connect_card ?? answer.connect_card),
  };
  state.connection = connection;
  state.onConnection(connection);
  return connection;
}

/** Adds a note and logs it. */
export function note({ state, log }: Pick<Context, 'state' | 'log'>, sentence: string): void {
  state.notes.push(sentence);
  log(sentence);
}

/** Counts a connection that existed before as changed, once a change of it was accepted. */
export function countAsUpdated(state: State): void {
  if (state.change === 'reused') state.change = 'updated';
}

/** Adds a note and logs it as a warning. */
export function warn({ state, warn }: Pick<Context, 'state' | 'warn'>, sentence: string): void {
  state.notes.push(sentence);
  warn(sentence);
}

/** Makes the listener that keeps `state.inFlight` while a request of this kind is under way. */
export const tracking =
  (state: State, kind: InFlight) =>
  (inFlight: boolean): void => {
    state.inFlight = inFlight ? kind : undefined;
  };
