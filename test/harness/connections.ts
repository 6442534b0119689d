import { type Connection, readConnection } from '../../src/fivetran/responses/connection.ts';

/** A connection that Fivetran answered like this. */
export function connectionOf(answer: object = {}): Connection {
  const connection = readConnection({
    id: 'open_mosaic',
    group_id: 'decent_dropsy',
    service: 'postgres',
    schema: 'billing',
    ...answer,
  });
  if (!connection) throw new Error('This is no connection.');
  return connection;
}
