import type { Connection } from '../fivetran/answers.ts';
import type { RequestFields } from '../inputs/fields.ts';
import { connectionName } from './name.ts';

/**
 * What is known of one connection and of what became of it. It is filled as things happen, so that
 * a run that breaks off in the middle still leaves the truth behind.
 */
export type Progress = {
  result?: 'created' | undefined;
  /** The connection, as Fivetran answered last. */
  connection?: Connection | undefined;
  /** The name that it has or is to have, when `config` gives one. */
  name?: string | undefined;
  /** The connection in words, as a sentence names it while it has no id. */
  subject: string;
  /** A request whose outcome is not known (yet): the connection may or may not exist. */
  pending?: 'create' | undefined;
  /** What happened beside the result, in sentences. */
  remarks: string[];
  /** Why it could not be brought to its end. */
  error?: string | undefined;
  /** Called as soon as the connection is known, and with each later answer. */
  onConnection?: (connection: Connection) => void;
};

/** The progress of a wish that nothing was done for yet. */
export function startProgress(
  { group_id, service, config }: RequestFields,
  onConnection: (connection: Connection) => void,
): Progress {
  const name = connectionName(config);
  const subject = `A ${service} connection ${name ? `named ${name}` : 'of unknown name'} in group ${group_id}`;
  return { name, subject, remarks: [], onConnection };
}

/** Takes an answer over. An answer of the tests may lack what an earlier one had. */
export function learn(progress: Progress, connection: Connection): Connection {
  const known = progress.connection;
  progress.connection =
    known?.id === connection.id && !connection.connect_card.uri
      ? { ...connection, connect_card: known.connect_card }
      : connection;
  progress.onConnection?.(progress.connection);
  return progress.connection;
}
