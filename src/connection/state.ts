import type { Connection } from '../fivetran/answers.ts';
import type { Fivetran } from '../fivetran/client.ts';
import { connectionName } from '../fivetran/connection-name.ts';
import type { ConnectionSpec } from '../inputs/fields.ts';
import type { Plan } from './dry-run.ts';

/**
 * What is known of one connection and of what became of it. It is filled as things happen, so that
 * a run that breaks off in the middle still leaves the truth behind.
 */
export type State = {
  /** How it ended, as the output `result` says it. */
  result?: 'created' | 'reused' | 'updated' | 'deleted' | 'absent' | 'planned' | undefined;
  /** Whether this step made the connection. */
  made?: boolean | undefined;
  /** The connection, as Fivetran answered last. */
  connection?: Connection | undefined;
  /** The name that it has or is to have, when `config` gives one. */
  name?: string | undefined;
  /** The connection in words, as a sentence names it while it has no id. */
  subject: string;
  /** A request whose outcome is not known (yet): it may have been done or not. */
  inFlight?: 'create' | 'delete' | undefined;
  /** What happened beside the result, in sentences. */
  notes: string[];
  /** The fingerprints of the host keys and certificates that were approved. */
  approved: string[];
  /** What to say of a host key or certificate that is none of the pinned ones. */
  mismatch?: string | undefined;
  /** What a rehearsal found: what a real run would do, and what would make it fail. */
  plan?: Plan | undefined;
  /** How the sync that was waited for ended. */
  sync?: { state: 'succeeded' | 'failed' | 'timed out'; sentence: string } | undefined;
  /** Why it could not be brought to its end. */
  error?: string | undefined;
  /** Called as soon as the connection is known, and with each later answer. */
  onConnection: (connection: Connection) => void;
};

/** What doing something with one connection takes. */
export type Context = {
  fivetran: Fivetran;
  state: State;
  say: (line: string) => void;
};

/** The progress of a wish that nothing was done for yet. */
export function initialState(
  spec: Pick<ConnectionSpec, 'group_id' | 'service' | 'config'> & {
    connection_id?: string | undefined;
  },
  onConnection: (connection: Connection) => void,
): State {
  const { group_id, service, config, connection_id } = spec;
  const name = connectionName(config);
  const what = [
    service ? `A ${service} connection` : 'A connection',
    name ? `named ${name}` : 'of unknown name',
  ];
  const subject = connection_id
    ? `Connection ${connection_id}`
    : `${what.join(' ')} in group ${group_id}`;
  return { name, subject, notes: [], approved: [], onConnection };
}

/** Takes an answer over; what it lacks of the tests and the connect card is kept from the last one. */
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

/** Runs the setup tests, and takes their results over. */
export async function runSetupTests(
  { fivetran, state }: Context,
  id: string,
  {
    trust_certificates,
    trust_fingerprints,
  }: Pick<ConnectionSpec, 'trust_certificates' | 'trust_fingerprints'>,
): Promise<void> {
  observe(state, await fivetran.test(id, { trust_certificates, trust_fingerprints }));
}
