import { connectionName } from '../../src/fivetran/connection-name.ts';

test.each([
  [{ schema: 'crm' }, 'crm'],
  [{ schema: 'crm', table: 'contacts' }, 'crm.contacts'],
  [{ schema: 'crm', table_group_name: 'people' }, 'crm.people'],
  [{ schema_prefix: 'billing' }, 'billing'],
  [{ schema_prefix: 'billing', schema: 'crm' }, 'billing'],
  [{ schema: 2026 }, '2026'],
  [{ schema: 'crm', table: '' }, 'crm'],
  [{ schema: 'crm', table: null }, 'crm'],
  [{ schema: 'crm', host: 'db.example.com' }, 'crm'],
])('%j is named %s', (config, name) => {
  expect(connectionName(config)).toBe(name);
});

test.each([
  [undefined],
  [{}],
  [{ host: 'db.example.com' }],
  [{ table: 'contacts' }],
  [{ schema: '' }],
  [{ schema: null }],
  [{ schema: ['crm'] }],
  [{ schema: { name: 'crm' } }],
])('%j has no name that one could look for', (config) => {
  expect(connectionName(config)).toBeUndefined();
});
