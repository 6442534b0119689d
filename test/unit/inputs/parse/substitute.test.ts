import * as fc from 'fast-check';
import { substitute } from '../../../../src/inputs/parse/substitute.ts';
import { anyCharacter } from '../../../harness/any-character.ts';

const inConfig = (value: unknown, env: NodeJS.ProcessEnv = {}, left = 1_000_000) =>
  substitute(value, ['config'], { env, budget: { left } });

/** Any text, with many of the characters of references. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('$', '$$', '${', '}', '${A}', ':-', '"', "'", '\\', '\n', '$&', '$1'),
      fc.string({ unit: anyCharacter }),
    ),
  )
  .map((parts) => parts.join(''));
const plainText = anyText.map((text) => text.replaceAll('$', ''));

describe('a value from the environment', () => {
  test('is inserted verbatim and not scanned again', () => {
    fc.assert(
      fc.property(plainText, anyText.filter(Boolean), plainText, (before, value, after) => {
        const given = { host: `${before}\${SECRET}${after}` };
        const {
          value: filled,
          references,
          problems,
        } = inConfig(given, { SECRET: value, A: 'again' });
        expect(filled).toEqual({ host: before + value + after });
        expect(references).toMatchObject([
          { path: ['config', 'host'], name: 'SECRET', value, from: 'variable' },
        ]);
        expect(problems).toEqual([]);
      }),
    );
  });

  test('is inserted at every depth, and everything else stays, keys included', () => {
    const given = { a: [{ b: '${X}-${Y}' }, 5, true, null], '${X}': { c: '${X}${X}' }, d: '' };
    const { value, references } = inConfig(given, { X: 'x', Y: 'y' });
    expect(value).toEqual({ a: [{ b: 'x-y' }, 5, true, null], '${X}': { c: 'xx' }, d: '' });
    expect(references.map(({ path }) => path)).toEqual([
      ['config', 'a', 0, 'b'],
      ['config', 'a', 0, 'b'],
      ['config', '${X}', 'c'],
      ['config', '${X}', 'c'],
    ]);
  });

  test.each([
    ['${A}', true],
    ['${A:-x}', true],
    ['${B:-x}', true],
    ['${A} ', false],
    ['${A}${A}', false],
    ['$${A}${A}', false],
  ])('is the whole text of %s: %s', (text, isWhole) => {
    const { references } = inConfig(text, { A: '5432' });
    expect(references[0]?.isWhole).toBe(isWhole);
  });

  test('is inserted under keys named like built-in object properties', () => {
    const given = JSON.parse('{"__proto__": "${X}", "constructor": "${X}", "toString": ["${X}"]}');
    const { value } = inConfig(given, { X: 'x' });
    expect(JSON.stringify(value)).toBe('{"__proto__":"x","constructor":"x","toString":["x"]}');
  });
});

describe('dollar signs', () => {
  test('are literal in every text without ${', () => {
    const text = fc
      .array(fc.constantFrom('$', '$$', '$$$', '{', '}', 'A', '$A', '$&', '$1', 'Pa$$w0rd'))
      .map((parts) => parts.join(''))
      .filter((one) => !one.includes('${'));
    fc.assert(
      fc.property(text, (one) => {
        expect(inConfig(one, { A: 'a' })).toMatchObject({
          value: one,
          references: [],
          problems: [],
        });
      }),
    );
  });

  test('a text in which every ${ is escaped as $${ is restored', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = text.replaceAll('${', () => '$${');
        expect(inConfig(escaped, { A: 'a' })).toMatchObject({ value: text, problems: [] });
      }),
    );
  });

  test.each([
    ['$5 and $', '$5 and $'],
    ['Pa$$w0rd', 'Pa$$w0rd'],
    ['$HOME', '$HOME'],
    ['$${A}', '${A}'],
    ['$${{ x }}', '${{ x }}'],
    ['$$${A}', '$${A}'],
    ['{A}', '{A}'],
    ['${A}}', 'a}'],
    ['${A}$', 'a$'],
    ['$$$$', '$$$$'],
    ['${UNSET:-$}${A}', '$a'],
    ['${_b2}', 'b'],
  ])('%s becomes %s', (given, expected) => {
    expect(inConfig(given, { A: 'a', _b2: 'b' })).toMatchObject({ value: expected, problems: [] });
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
    ['${A:-$$5}', {}, '$$5'],
  ])('%s with %j is %j', (given, env, expected) => {
    expect(inConfig(given, env)).toMatchObject({ value: expected, problems: [] });
  });

  test.each([{}, { A: '' }])('is told from a value of the environment %j', (env) => {
    expect(inConfig('${A:-other}', env).references).toMatchObject([
      { name: 'A', value: 'other', from: 'default' },
    ]);
  });
});

describe('a reference that cannot be replaced', () => {
  test.each([
    ['not set', {}],
    ['empty', { DB_HOST: '' }],
  ])('names the variable that is %s, its path, the usual causes and how to fix it', (what, env) => {
    const { value, problems, unresolved } = inConfig({ db: { hosts: ['x', 'a.${DB_HOST}'] } }, env);
    const path = ['config', 'db', 'hosts', 1];
    expect(value).toEqual({ db: { hosts: ['x', 'a.${DB_HOST}'] } });
    expect(problems).toEqual([{ path, message: expect.any(String) }]);
    for (const words of [
      `environment variable DB_HOST is ${what}. `,
      "Set it in the step's env.",
      'misspelled',
      'fork',
      'Dependabot',
      '${DB_HOST:-default}',
      '${DB_HOST:-}',
    ]) {
      expect(problems[0]?.message).toContain(words);
    }
    expect(unresolved).toEqual([path]);
  });

  test.each(['toString', 'constructor', 'hasOwnProperty', '__proto__'])(
    '%s counts as unset unless the environment has it',
    (name) => {
      expect(inConfig(`\${${name}}`, {}).problems).toHaveLength(1);
      expect(inConfig(`\${${name}}`, process.env).problems).toHaveLength(1);
    },
  );

  test.each(['${', '${}', '${1A}', '${A B}', '${A-b}', '${A.b}', '${ A }', '${A:-${B}}', 'x ${é}'])(
    '%s is an error',
    (given) => {
      const { problems } = inConfig({ x: given }, { A: 'a', B: 'b' });
      expect(problems.map(({ path }) => path)).toEqual([['config', 'x']]);
      expect(problems[0]?.message).toContain('${NAME:-default}, or $${ for a literal ${.');
    },
  );

  test('says that GitHub does not evaluate ${{ }} there', () => {
    const { problems } = inConfig('x-${{ secrets.PASSWORD }}');
    expect(problems).toEqual([
      {
        path: ['config'],
        message: expect.stringMatching(
          /^GitHub does not evaluate \$\{\{ }} here\. Pass the value through the step's env/,
        ),
      },
    ]);
  });

  test('does not hide others', () => {
    const { problems } = inConfig({ a: '${A} ${B}', b: ['${C}'] });
    expect(problems.map(({ path }) => path)).toEqual([
      ['config', 'a'],
      ['config', 'a'],
      ['config', 'b', 0],
    ]);
  });

  test('is refused when the values would exceed the size limit', () => {
    const { value, problems } = inConfig(
      { a: '${BIG}'.repeat(10_000) },
      { BIG: 'x'.repeat(100_000) },
    );
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(value).length).toBeLessThan(2_000_000);
    expect(inConfig('${A}', { A: '123456' }, 5).problems).toEqual([
      { path: ['config'], message: expect.stringContaining('too large') },
    ]);
    expect(inConfig('${A}${B:-default}', { A: '12345' }, 5).problems).toEqual([]);
  });
});
