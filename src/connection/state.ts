import type { Connection } from '../fivetran/answers.ts';
import type { FivetranClient } from '../fivetran/client.ts';
import type { Clock } from '../fivetran/clock.ts';
import type { ConnectionSpec } from '../inputs/spec.ts';
import type { Change } from './diff.ts';

/** A request that changes something, and whose outcome is unknown. */
type InFlight = 'create' | 'update' | 'delete';

/** How the sync that the step waited for ended. `message` is one sentence. */
export type SyncEnd = {
  state: 'succeeded' | 'failed' | 'timed out';
  message: string;
  /** Fivetran's own reasons that the message quotes. */
  reasons?: string[];
};

/** How many schemas, tables and columns are enabled and disabled after the selection was applied. */
export type SelectionCounts = Record<
  'schemas' | 'tables' | 'columns',
  { enabled: number; disabled: number }
> & { hashed: number };

/** What is known about an error besides its message. */
type Failure = {
  /** The error in a few words, for a heading. */
  brief?: string | undefined;
  messageWithoutHint: string;
  /** What to do about it. */
  hint?: string | undefined;
};

/** What a dry run found. */
export type DryRun = {
  action: 'create' | 'update' | 'reuse' | 'delete' | 'nothing' | 'refuse';
  /** What a real run would do, in order; sentences. */
  steps: string[];
  /** The fields that an update would change. */
  changes: Change[];
  /** What is known to make a real run fail. */
  problems: string[];
  /** What to know before a real run. */
  warnings: string[];
};

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

/** The end of the work on one connection, for the report. */
export type Outcome = {
  subject: string;
  notes: string[];
  connection?: Connection | undefined;
} & (
  | ({ kind: 'dry-run' } & DryRun)
  | { kind: 'absent' }
  | { kind: 'deleted'; connection: Connection }
  | {
      kind: 'present';
      change: 'created' | 'updated' | 'reused';
      connection: Connection;
      changes?: Change[] | undefined;
      cleanup?: 'paused' | 'deleted' | undefined;
      selection?: SelectionCounts | undefined;
      sync?: SyncEnd | undefined;
    }
  | {
      kind: 'failed';
      error: string;
      failure?: Failure | undefined;
      change?: State['change'];
      cleanup?: 'paused' | 'deleted' | undefined;
      inFlight?: InFlight | undefined;
      selection?: SelectionCounts | undefined;
    }
);

/** The state of a connection before any request. */
export function initialState(
  spec: ConnectionSpec,
  onConnection: (connection: Connection) => void,
): State {
  return { subject: subjectOf(spec), notes: [], onConnection };
}

function subjectOf(spec: ConnectionSpec): string {
  if (spec.state === 'absent' && 'connection_id' in spec.target) {
    return `Connection ${spec.target.connection_id}`;
  }
  const service = spec.state === 'present' ? spec.service : spec.expect.service;
  const { group_id, name } =
    spec.state === 'present' ? spec : (spec.target as { group_id: string; name: string });
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

/** Turns the state of a connection into its outcome once the work has ended. */
export function outcomeOf(state: Readonly<State>): Outcome {
  const { subject, connection, change, changes, cleanup, inFlight, dryRun, selection, sync } =
    state;
  const { error, failure } = state;
  const known = { subject, notes: [...state.notes], connection };
  if (error !== undefined) {
    return { ...known, kind: 'failed', error, failure, change, cleanup, inFlight, selection };
  }
  if (dryRun) return { ...known, kind: 'dry-run', ...dryRun };
  if (change === 'absent') return { ...known, kind: 'absent' };
  if (connection && change === 'deleted') return { ...known, kind: 'deleted', connection };
  if (connection && change && change !== 'deleted') {
    return { ...known, kind: 'present', change, changes, connection, cleanup, selection, sync };
  }
  return { ...known, kind: 'failed', error: 'Nothing was done.', change, inFlight };
}
