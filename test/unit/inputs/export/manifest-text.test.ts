import {
  type FileHead,
  manifestText,
  type WrittenEntry,
} from '../../../../src/inputs/export/manifest-text.ts';
import { manifestLimit, tooLarge } from '../../../../src/inputs/parse/parsed.ts';
import type { SelectedItem } from '../../../../src/inputs/selection.ts';

const secret = Symbol('secret');
const head: FileHead = { group_id: 'g', schema: 'https://example.com/s.json', leftOut: [] };

const entry = (name: string, more: Partial<WrittenEntry> = {}): WrittenEntry => ({
  ...{ name, service: 'crm', naming: { schema: name }, config: {}, settings: {} },
  ...{ schema_change_handling: undefined, schemas: undefined },
  ...more,
});

/** The lines of a manifest below its first one, which names the schema, and its variables. */
async function written(entries: WrittenEntry[], more: Partial<FileHead> = {}) {
  const result = await manifestText(entries, { ...head, ...more });
  if ('error' in result) throw new Error(result.error);
  return { lines: result.text.split('\n').slice(1, -1), variables: result.variables };
}

test('what all entries have is written once, apart from their names', async () => {
  const of = (table: string, port: number, sync_frequency: number) =>
    entry(`s.${table}`, {
      naming: { schema: 's', table },
      config: { host: 'h', list: ['a'], port },
      settings: { paused: true, sync_frequency },
      schema_change_handling: 'ALLOW_ALL',
    });
  const { lines } = await written([of('a', 1, 5), of('b', 2, 5), of('c', 1, 15)]);
  expect(lines.slice(0, 18)).toEqual([
    '# The connections of group g.',
    'defaults:',
    '  group_id: g',
    '  service: crm',
    '  config:',
    '    host: h',
    '    list:',
    '      - a',
    '  paused: true',
    '  schema_change_handling: ALLOW_ALL',
    'connections:',
    '  s.a:',
    '    config:',
    '      schema: s',
    '      table: a',
    '      port: 1',
    '    sync_frequency: 5',
    '  s.b:',
  ]);
});

test('a selection is nested, and its names are written so that they hold no reference', async () => {
  const item = (fields: SelectedItem['fields'], inner?: Record<string, SelectedItem>) => ({
    ...{ written: '', fields },
    ...(inner && { inner: new Map(Object.entries(inner)) }),
  });
  const users = item({ sync_mode: 'HISTORY' }, { '${c}': item({ hashed: true }), d: item({}) });
  const schemas = new Map([
    ['public', item({}, { users })],
    ['audit', item({ enabled: false })],
  ]);
  const { lines } = await written([entry('crm', { schema_change_handling: 'BLOCK_ALL', schemas })]);
  expect(lines.slice(lines.indexOf('      schema: crm') + 1)).toEqual([
    '    schema_change_handling: BLOCK_ALL',
    '    schemas:',
    '      public:',
    '        tables:',
    '          users:',
    '            sync_mode: HISTORY',
    '            columns:',
    '              $${c}:',
    '                hashed: true',
    '              d: {}',
    '      audit:',
    '        enabled: false',
  ]);
});

test('values are written so that they are read back', async () => {
  const words = 'word '.repeat(30).trim();
  const config = {
    ...{ a: '${A} ${B}', big: 1e21, small: -0.5, none: -0, words, lines: 'a\nb' },
    ...{ bell: '\u0007', mark: '\u2028', half: '\ud800', direction: '\u202e' },
  };
  const { lines } = await written([entry('crm', { service: '${S}', config })], {
    group_id: '${G}',
  });
  expect(lines).toEqual([
    '# The connections of group ${G}.',
    'defaults:',
    '  group_id: $${G}',
    'connections:',
    '  crm:',
    '    service: $${S}',
    '    config:',
    '      schema: crm',
    '      a: $${A} $${B}',
    '      big: "1e+21"',
    '      small: -0.5',
    '      none: 0',
    `      words: ${words}`,
    '      lines: |-',
    '        a',
    '        b',
    '      bell: "\\a"',
    '      mark: "\u2028"',
    '      half: "\\ud800"',
    '      direction: "\u202e"',
  ]);
});

test('all is quoted where a key would not be read back', async () => {
  const { lines } = await written([entry('crm', { config: { 'size 3"': 'x' } })]);
  expect(lines.slice(-2)).toEqual(['      "schema": "crm"', '      "size 3\\"": "x"']);
});

test('what is too large to be read back is not written', async () => {
  const config = { text: 'x'.repeat(manifestLimit.bytes) };
  expect(await manifestText([entry('crm', { config })], head)).toEqual({
    error: tooLarge(manifestLimit),
  });
});

test('each secret has a variable of its own, which a step can have', async () => {
  const hooks = [{ token: secret }, { token: secret }];
  const { lines, variables } = await written([
    entry('crm', { config: { deep: { key: secret }, hooks } }),
    entry('crm', { config: { deep_key: secret } }),
    entry('crm deep', { config: { key: secret } }),
    entry('fivetran', { config: { apikey: secret, apisecret: secret, api_key: secret } }),
    entry('runner_x', { config: { 'a--b': secret } }),
    entry('my_github_x', { config: { a: secret } }),
  ]);
  expect(variables).toEqual([
    ...['CRM_DEEP_KEY', 'CRM_HOOKS_0_TOKEN', 'CRM_HOOKS_1_TOKEN'],
    ...['CRM__2__DEEP_KEY', 'CRM_DEEP_KEY_2'],
    ...['FIVETRAN_APIKEY_2', 'FIVETRAN_APISECRET_2', 'FIVETRAN_API_KEY_2'],
    ...['FIVETRAN_RUNNER_X_A__B', 'MY_GITHUB_X_A'],
  ]);
  expect(lines.filter((line) => line.startsWith('#   '))).toEqual(
    variables.map((name) => `#   ${name}`),
  );
  for (const name of variables) expect(lines.join('\n')).toContain(`: \${${name}}`);
});

test('connections that are left out are named in lines of their own', async () => {
  const { lines } = await written([], { leftOut: ['hr: a\nconnections: b', 'ads: \ud800'] });
  expect(lines.slice(1, 4)).toEqual(['# Left out:', '#   hr: a connections: b', '#   ads: \ufffd']);
});
