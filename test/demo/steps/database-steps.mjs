/** The step's `env:` for every step of this file. */
export const databaseEnv = { DATABASE_PASSWORD: 'demo-password-of-the-database' };

/** A step that creates a PostgreSQL connection through an SSH tunnel. */
export const tunneledDatabase = {
  group_id: 'decent_dropsy',
  service: 'postgres',
  config: `schema_prefix: billing
host: db.example.com
port: 5432
user: fivetran
password: \${DATABASE_PASSWORD}
database: billing
update_method: QUERY_BASED
tunnel_host: bastion.example.com
tunnel_port: 22
tunnel_user: fivetran`,
  networking_method: 'SshTunnel',
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** The same step as a dry run, with mistakes in its config. */
export const databaseWithMistakes = {
  ...tunneledDatabase,
  config: `schema_prefix: billing
hots: db.example.com
port: five
user: fivetran
database: billing
update_method: BINLOG
public_key: ssh-rsa AAAA
has_heartbeat_table: true`,
  dry_run: 'true',
};

/** A preview environment of a pull request: three tables, and no personal data in plain text. */
export const previewOfThreeTables = {
  group_id: 'quaint_harbor',
  service: 'postgres',
  config: `schema_prefix: billing_pr_42
host: db.example.com
port: 5432
user: fivetran
password: \${DATABASE_PASSWORD}
database: billing
update_method: QUERY_BASED`,
  destination_schema_names: 'FIVETRAN_NAMING',
  if_exists: 'update',
  schema_change_handling: 'ALLOW_COLUMNS',
  schemas: `public:
  tables:
    orders: {}
    events: {}
    users:
      columns:
        email: { hashed: true }
        notes: { enabled: false }`,
};

/** The same preview with a misspelled table. */
export const previewOfUnknownTable = {
  ...previewOfThreeTables,
  schemas: `public:
  tables:
    ordres: {}
    users: {}`,
};
