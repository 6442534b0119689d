import * as fc from 'fast-check';
import { substitute } from '../../src/inputs/substitute.ts';

const inConfig = (text: unknown, env: NodeJS.ProcessEnv = {}) => substitute(text, env, 'config');

/** Any text, rich in what a reference is made of. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('$', '$$', '${', '}', '${A}', ':-', '"', "'", '\\', '\n', '$&', '$1'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));
const plainText = anyText.map((text) => text.replaceAll('$', ''));

describe('what comes in', () => {
  test('is verbatim, whatever it holds, and is not looked at again', () => {
    fc.assert(
      fc.property(plainText, anyText, plainText, (before, value, after) => {
        const given = { host: `${before}\${SECRET}${after}` };
        const { value: taken, used, problems } = inConfig(given, { SECRET: value, A: 'rescanned' });
        expect(taken).toEqual({ host: before + value + after });
        expect(used).toEqual([{ path: 'config.host', value }]);
        expect(problems).toEqual([]);
      }),
    );
  });

  test('comes in at every depth, and everything else stays', () => {
    const given = { a: [{ b: '${X}-${Y}' }, 5, true, null], '${X}': { c: '${X}${X}' }, d: '' };
    const { value, used } = inConfig(given, { X: 'x', Y: 'y' });
    expect(value).toEqual({ a: [{ b: 'x-y' }, 5, true, null], '${X}': { c: 'xx' }, d: '' });
    expect(used.map(({ path }) => path)).toEqual([
      'config.a[0].b',
      'config.a[0].b',
      'config.${X}.c',
      'config.${X}.c',
    ]);
  });

  test('may be empty', () => {
    expect(inConfig('<${EMPTY}>', { EMPTY: '' })).toMatchObject({ value: '<>', problems: [] });
  });
});

describe('dollar signs', () => {
  test('doubled ones are single ones, for every text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = text.replaceAll('$', '$$$$');
        expect(inConfig(escaped, { A: 'a' })).toEqual({ value: text, used: [], problems: [] });
      }),
    );
  });

  test.each([
    ['$5 and $', '$5 and $'],
    ['$HOME', '$HOME'],
    ['$${A}', '${A}'],
    ['$$${A}', '$a'],
    ['{A}', '{A}'],
    ['${A}}', 'a}'],
    ['$$$$', '$$'],
  ])('%s becomes %s', (given, expected) => {
    expect(inConfig(given, { A: 'a' })).toMatchObject({ value: expected, problems: [] });
  });
});

describe('a default', () => {
  test.each([
    ['${A:-other}', { A: 'a' }, 'a'],
    ['${A:-other}', { A: '' }, 'other'],
    ['${A:-other}', {}, 'other'],
    ['${A:-}', {}, ''],
    ['${A:-two words: "x", y}', {}, 'two words: "x", y'],
    ['${A:-a:-b}', {}, 'a:-b'],
    ['${A:-line\nline}', {}, 'line\nline'],
    ['${A:-$B}', { B: 'b' }, '$B'],
  ])('%s with %j is %j', (given, env, expected) => {
    expect(inConfig(given, env)).toMatchObject({ value: expected, problems: [] });
  });

  test('is no value from the environment', () => {
    expect(inConfig('${A:-other}', {}).used).toEqual([]);
    expect(inConfig('${A:-other}', { A: '' }).used).toEqual([]);
  });
});

describe('what can not be replaced', () => {
  test('an unset name is a problem that names the place and the way out', () => {
    const { problems } = inConfig({ db: { hosts: ['x', '${DB_HOST}'] } });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.field).toBe('config.db.hosts[1]');
    expect(problems[0]?.text).toContain('${DB_HOST}');
    expect(problems[0]?.text).toContain('${DB_HOST:-default}');
  });

  test.each(['toString', 'constructor', 'hasOwnProperty', '__proto__'])(
    '%s is not set unless the environment has it',
    (name) => {
      expect(inConfig(`\${${name}}`, {}).problems).toHaveLength(1);
      expect(inConfig(`\${${name}}`, process.env).problems).toHaveLength(1);
    },
  );

  test.each([
    '${',
    '${}',
    '${1A}',
    '${A B}',
    '${A-b}',
    '${A.b}',
    '${ A }',
    '${A:-${B}}',
    '${{ A }}',
  ])('%s is a problem, not a text', (given) => {
    const { problems } = inConfig({ x: given }, { A: 'a', B: 'b' });
    expect(problems.map(({ field }) => field)).toEqual(['config.x']);
    expect(problems[0]?.text).toContain('${NAME:-default}');
  });

  test('all of them are found at once', () => {
    const { problems } = inConfig({ a: '${A} ${B}', b: ['${C}'] });
    expect(problems.map(({ field }) => field)).toEqual(['config.a', 'config.a', 'config.b[0]']);
  });
});
