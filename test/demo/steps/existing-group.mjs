const group_id = 'decent_dropsy';

/** A group as people make it in the dashboard. @type {import('../../sandbox/sandbox.mjs').Seed[]} */
export const existingGroup = [
  {
    id: 'iodize_impressive',
    group_id,
    service: 'postgres',
    config: {
      schema_prefix: 'production',
      host: 'db.example.com',
      port: 5432,
      database: 'shop',
      user: 'fivetran',
      password: 'the password of production',
      update_method: 'QUERY_BASED',
    },
    sync_frequency: 5,
    selection: {
      schema_change_handling: 'BLOCK_ALL',
      schemas: {
        public: {
          enabled: true,
          tables: {
            users: {
              enabled: true,
              columns: {
                email: { enabled: true, hashed: true },
                notes: { enabled: false },
              },
            },
            events: { enabled: false },
          },
        },
        audit: { enabled: false },
      },
    },
  },
  {
    id: 'gentle_harbor',
    group_id,
    service: 's3',
    config: {
      schema: 'files',
      table_group_name: 'daily',
      auth_type: 'ACCESS_KEY',
      access_key_id: 'AKIAEXAMPLE',
      access_key_secret: 'the secret of the bucket',
      bucket: 'exports',
      files: [{ table_name: 'orders', file_pattern: '.*orders.*' }],
    },
    sync_frequency: 1440,
    daily_sync_time: '14:00',
  },
  { id: 'quiet_meadow', group_id, service: 'salesforce', config: { schema: 'crm' } },
];

/** A step that copies the database of that group for a preview. */
export const copyOfProduction = {
  copy_from: 'iodize_impressive',
  if_exists: 'update',
  config: 'schema_prefix: billing_pr_42\npassword: ${DATABASE_PASSWORD}',
};
