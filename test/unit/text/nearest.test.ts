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
  ['ho', 'host'],
  ['hostss', 'host'],
  ['prto', 'port'],
  ['schema_pyyyyx', 'schema_prefix'],
])('the nearest name to %s is %s', (name, expected) => {
  expect(nearest(name, known)).toBe(expected);
});

test.each(['wallpaper', 'x', '', 'unrelated_field_name', 'schema', 'prxy', 'schema_pyyyyy'])(
  'nothing is near %j',
  (name) => {
    expect(nearest(name, known)).toBeUndefined();
  },
);

test('the nearer of two is chosen, whatever their order', () => {
  expect(nearest('tables', ['table_group', 'table'])).toBe('table');
  expect(nearest('tables', ['table', 'table_group'])).toBe('table');
  expect(nearest('ab', ['ac', 'ad'])).toBe('ac');
  expect(nearest('host', ['HOST'])).toBe('HOST');
  expect(nearest('sync_modes', ['sync_code', 'sync_mode'])).toBe('sync_mode');
});

test('two swapped letters count as one edit', () => {
  expect(nearest('abdc', ['abxy', 'abcd'])).toBe('abcd');
  expect(nearest('abdc', ['abdxy', 'abcd'])).toBe('abcd');
});

test('without candidates there is no nearest name', () => {
  expect(nearest('host', [])).toBeUndefined();
});

test('unusual names are compared unchanged', () => {
  expect(nearest('__prot__', ['__proto__'])).toBe('__proto__');
  expect(nearest('größe', ['grösse', 'größen'])).toBe('größen');
});
