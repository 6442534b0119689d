import {
  connectionName,
  isNamingField,
  namingFieldsOf,
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
  expect(connectionName(config)?.name).toBe(name);
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

test('four fields can be part of a name', () => {
  const fields = ['schema_prefix', 'schema', 'table', 'table_group_name', 'host'];
  expect(fields.filter(isNamingField)).toEqual(fields.slice(0, 4));
});

test('inherited properties are not naming fields', () => {
  expect(connectionName(Object.create({ schema: 'crm' }))).toBeUndefined();
});

test.each([
  [{ schema: 'Salesforce_PR_7' }, 'salesforce_pr_7'],
  [{ schema_prefix: 'feature/login-2' }, 'feature_login_2'],
  [{ schema: 'crm.v2' }, 'crm_v2'],
  [{ schema: 'CRM', table: 'Contacts' }, 'crm.contacts'],
  [{ schema: 'crm.v2', table: 'contacts.all' }, 'crm_v2.contacts_all'],
  [{ schema: 'größe', table_group_name: 'a-b' }, 'gr__e.a_b'],
  [{ schema: 'crm' }, 'crm'],
])('Fivetran normalizes each naming field of %j: %s', (config, normalized) => {
  expect(connectionName(config)?.normalizedName).toBe(normalized);
});

test('the name on a service that ignores the second field is known', () => {
  expect(connectionName({ schema: 'Lake.1', table: 'x' })?.shortName).toEqual({
    name: 'Lake.1',
    normalizedName: 'lake_1',
    ignoredField: 'table',
  });
  expect(connectionName({ schema: 'lake' })?.shortName).toBeUndefined();
});

test('names are the same when only case and special characters differ', () => {
  expect(sameName('CRM.Contacts', 'crm.contacts')).toBe(true);
  expect(sameName('feature/login-2', 'feature_login_2')).toBe(true);
  expect(sameName('crm', 'crm_2')).toBe(false);
  expect(sameName('crm.contacts', 'crm_contacts')).toBe(false);
});
