import {
  choice,
  flag,
  group,
  list,
  number,
  schema,
  schemaPrefix,
  secret,
  table,
  tableGroup,
  text,
} from './properties.mjs';

/** @typedef {import('../metadata.mjs').Connector} Connector */

const database = {
  schema_prefix: schemaPrefix,
  host: text('Host'),
  port: number('Port'),
  user: text('User'),
  password: secret('Password'),
  database: text('Database'),
  always_encrypted: flag('Require TLS'),
  tunnel_host: text('SSH host', { nullable: true }),
  tunnel_port: number('SSH port', { nullable: true }),
  tunnel_user: text('SSH user', { nullable: true }),
  public_key: text('SSH public key', { readonly: true }),
};

/** Connectors for databases and file stores, by service. @type {Record<string, Connector>} */
export const databasesAndFiles = {
  postgres: {
    name: 'PostgreSQL',
    config: group(
      {
        ...database,
        update_method: choice('Update method', ['QUERY_BASED', 'WAL_PGOUTPUT']),
        replication_slot: text('Replication slot'),
        publication_name: text('Publication'),
        has_heartbeat_table: flag('Heartbeat table', { fieldStatus: 'PRIVATE_PREVIEW' }),
      },
      ['schema_prefix'],
    ),
    auth: group({}),
  },
  mysql: {
    name: 'MySQL',
    config: group(
      {
        ...database,
        // The metadata of some enum fields gives their type as `object`.
        update_method: choice('Update method', ['BINLOG', 'TELEPORT'], { type: 'object' }),
        replica_id: number('Replica ID'),
      },
      ['schema_prefix'],
    ),
    auth: group({}),
  },
  db2luw: {
    name: 'Db2 for LUW',
    config: group({ ...database, schema: text('Source schema') }, ['schema_prefix']),
    auth: group({}),
  },
  s3: {
    name: 'Amazon S3',
    config: group(
      {
        schema,
        table,
        table_group_name: tableGroup,
        auth_type: choice('Authentication', ['IAM_ROLE', 'ACCESS_KEY', 'PUBLIC_BUCKET']),
        role_arn: text('Role ARN'),
        external_id: text('External ID', { readonly: true }),
        access_key_id: text('Access key ID'),
        access_key_secret: secret('Access key secret'),
        bucket: text('Bucket'),
        prefix: text('Folder path'),
        file_type: choice('File type', ['csv', 'json', 'parquet', 'avro']),
        compression: choice('Compression', ['infer', 'uncompressed', 'gzip', 'zip']),
        files: list(
          'Files',
          group({ table_name: text('Table'), file_pattern: text('Pattern') }, ['table_name']),
        ),
      },
      ['schema', 'table_group_name'],
    ),
    auth: group({}),
  },
};
