import { requestFields, stepFields } from '../../src/inputs/fields.ts';
import { linesOf, substituteAndMask, typed } from '../../src/inputs/source.ts';

function hiddenBy(field: string, value: unknown, env: NodeJS.ProcessEnv = {}) {
  const hidden: string[] = [];
  substituteAndMask(field, value, { input: () => '', env, mask: (secret) => hidden.push(secret) });
  return hidden.sort();
}

const env = { A: 'from-env-a', B: 'from-env-b' };

test.each([
  ['config', { host: '${A}', deep: [{ x: 'y ${B}' }] }, ['from-env-a', 'from-env-b']],
  ['auth', { anything: '${A}' }, ['from-env-a']],
  ['config', { host: 'db.example.com', password: 'literal' }, ['literal']],
  ['config', { host: '${UNSET:-db.example.com}' }, []],
  ['config', { token: '${UNSET:-literal}' }, ['literal']],
  ['config', { token: '${UNSET}', password: 'literal' }, ['literal']],
])('in %s, %j hides %j', (field, value, hidden) => {
  expect(hiddenBy(field, value, env)).toEqual(hidden);
});

test.each(['schema', 'schema_prefix', 'table', 'table_group_name'])(
  'what makes the name, such as %s, is not hidden, where it does',
  (name) => {
    expect(hiddenBy('config', { [name]: '${A}' }, env)).toEqual([]);
    expect(hiddenBy('config', { deep: { [name]: '${A}' } }, env)).toEqual(['from-env-a']);
    expect(hiddenBy('config', { [name]: '${A}', host: '${A}' }, env)).toEqual(['from-env-a']);
  },
);

test('nothing in auth makes the name', () => {
  expect(hiddenBy('auth', { schema: '${A}' }, env)).toEqual(['from-env-a']);
});

test.each([
  ['paused', 'TRUE', true],
  ['paused', 'False', false],
  ['paused', 'yes', 'yes'],
  ['sync_frequency', '60', 60],
  ['sync_frequency', '7', '7'],
  ['sync_frequency', '1e3', '1e3'],
  ['data_delay_threshold', '0', 0],
  ['group_id', 'true', 'true'],
  ['private_link_id', '0042', '0042'],
])('%s: %s is read as %j', (field, text, value) => {
  const fields = { ...requestFields, ...stepFields };
  expect(typed(fields[field as keyof typeof fields], text)).toBe(value);
});

test('the lines of a text are those with something in them', () => {
  expect(linesOf(' a \r\n\n  b c\n \n')).toEqual(['a', 'b c']);
  expect(linesOf('')).toEqual([]);
});
