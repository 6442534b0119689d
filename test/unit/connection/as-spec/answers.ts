import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import { FivetranError } from '../../../../src/fivetran/http/errors.ts';
import { readConnection } from '../../../../src/fivetran/responses/connection.ts';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';
import { readColumns, readSchemas } from '../../../../src/fivetran/responses/schema-tree.ts';

/** What Fivetran answers about the connection crm_id; an error in place of an answer is thrown. */
type Answers = {
  connection?: object;
  metadata?: object;
  tree?: object | undefined;
  columns?: object;
};

export const unanswered = new FivetranError({
  message: 'No answer.',
  shortReason: 'no response',
  hint: 'Try later.',
});

export const text = { type: 'string' };

/** A client of which only the reads of one connection work, and the tables whose columns it listed. */
export function fivetranWith({ connection, metadata, tree, columns = unanswered }: Answers) {
  const lists: string[] = [];
  const orThrow = async <T>(answer: object, read: (data: unknown) => T): Promise<T> => {
    if (answer instanceof Error) throw answer;
    return read(answer);
  };
  const plain = { id: 'crm_id', service: 'crm', schema: 'crm', group_id: 'g', config: {} };
  const client: Partial<FivetranClient> = {
    get: async () => readConnection({ ...plain, ...connection }),
    connectorType: () =>
      orThrow(metadata ?? { config: { properties: { schema: text, host: text } } }, (data) => {
        const read = readConnectorType(data);
        if (!read) throw new Error('the metadata of a test is not readable');
        return read;
      }),
    schemas: async () => (tree ? orThrow(tree, readSchemas) : undefined),
    columns: (_id, { shown }) => {
      lists.push(shown.join('.'));
      return orThrow(columns, (data) => readColumns({ columns: data }) ?? {});
    },
  };
  return { fivetran: client as FivetranClient, lists };
}

/** A tree of BLOCK_ALL in which one table of three syncs, without some of its columns. */
export const partly = {
  schema_change_handling: 'BLOCK_ALL',
  schemas: {
    public: {
      tables: {
        users: {
          sync_mode: 'HISTORY',
          columns: {
            email: { hashed: true },
            notes: { enabled: false },
            phone: { enabled: false, hashed: true },
          },
        },
        orders: { enabled: false, columns: { total: { hashed: true } } },
      },
    },
    audit: { enabled: false, tables: { log: {} } },
  },
};
