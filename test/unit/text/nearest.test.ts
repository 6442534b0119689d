import { nearest } from '../../../src/text/nearest.ts';

const known = ['host', 'port', 'user', 'password', 'schema_prefix', 'update_method', 'tunnel_host'];

test.each([
  ['hots', 'host'],
  ['hosts', 'host'],
  ['ost', 'host'],
  ['HOST', 'host'],
  ['prot', 'port'],
  ['usr', 'user'],
  ['passwrod', 'password'],
  ['pasword', 'password'],
  ['schemaPrefix', 'schema_prefix'],
  ['schema-prefix', 'schema_prefix'],
  ['update_methods', 'update_method'],
  ['tunel_host', 'tunnel_host'],
])('%s is nearest to %s', (name, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test.each(['wallpaper', 'x', '', 'unrelated_field_name', 'schema'])(
  '%j is near none of them',
  (name) => {
    expect(nearest(name, known)).toBeUndefined();
  },
);

test('the nearer of two is chosen, whatever their order', () => {
  expect(nearest('tables', ['table_group', 'table'])).toBe('table');
  expect(nearest('tables', ['table', 'table_group'])).toBe('table');
  expect(nearest('sync_modes', ['sync_code', 'sync_mode'])).toBe('sync_mode');
});

test('two swapped letters count as one mistake', () => {
  expect(nearest('abdc', ['abxy', 'abcd'])).toBe('abcd');
  expect(nearest('abdc', ['abdxy', 'abcd'])).toBe('abcd');
});

test('without candidates there is none', () => {
  expect(nearest('host', [])).toBeUndefined();
});

test('odd names are compared as they are', () => {
  expect(nearest('__prot__', ['__proto__'])).toBe('__proto__');
  expect(nearest('größe', ['grösse', 'größen'])).toBe('größen');
});
