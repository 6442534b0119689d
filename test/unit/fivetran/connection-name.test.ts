import {
  connectionName,
  namingFieldsOf,
  normalizedName,
  sameName,
} from '../../../src/fivetran/connection-name.ts';

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
])('%j has no name', (config) => {
  expect(connectionName(config)).toBeUndefined();
  expect(namingFieldsOf(config)).toEqual([]);
});

test.each([
  [{ schema_prefix: 'billing', schema: 'SALES', table: 'x' }, ['schema_prefix']],
  [{ schema: 'crm', table: 'contacts', table_group_name: 'people' }, ['schema', 'table']],
  [{ schema: 'crm', table_group_name: 'people' }, ['schema', 'table_group_name']],
  [{ schema: 'crm', host: 'db.example.com' }, ['schema']],
])('in %j, only %j form the name', (config, fields) => {
  expect(namingFieldsOf(config)).toEqual(fields);
});

test('inherited properties are not naming fields', () => {
  expect(connectionName(Object.create({ schema: 'crm' }))).toBeUndefined();
});

test.each([
  ['Salesforce_PR_7', 'salesforce_pr_7'],
  ['feature/login-2', 'feature_login_2'],
  ['CRM.Contacts', 'crm.contacts'],
  ['größe', 'gr__e'],
  ['crm', 'crm'],
])('Fivetran normalizes %s to %s', (name, normalized) => {
  expect(normalizedName(name)).toBe(normalized);
  expect(sameName(name, normalized)).toBe(true);
});

test('names that differ after normalization are different', () => {
  expect(sameName('crm', 'crm_2')).toBe(false);
  expect(sameName('crm.contacts', 'crm_contacts')).toBe(false);
});
