import { fieldChanges } from '../../../../src/connection/plan/diff.ts';
import { matches } from '../../../../src/connection/plan/matches.ts';

describe('a field that differs', () => {
  const shownOf = (field: string, from: unknown, to: unknown) =>
    fieldChanges({ [field]: to }, { [field]: from })[0]?.shown;

  test.each([
    ['text', 'greeting', 'old', 'new'],
    ['text with asterisks in it', 'greeting', '*.example.com', 'db.example.com'],
    ['text between asterisks', 'greeting', '***old***', 'new'],
    ['two asterisks', 'greeting', '**', 'new'],
    ['an empty text', 'greeting', '', 'new'],
    ['a mapping', 'tunnel', { user: 'a' }, { user: 'b' }],
    ['a list of mappings', 'accounts', [{ id: 1 }], [{ id: 2 }]],
    ['a number', 'port', 5, 60],
  ])('is shown with its values: %s', (_what, field, from, to) => {
    expect(shownOf(field, from, to)).toBe('values');
  });

  test.each([
    ['that Fivetran does not show', 'password', undefined, 'new'],
    ['that Fivetran masks', 'password', '******', 'new'],
    ['that Fivetran masks under another name', 'greeting', '******', 'new'],
    ['inside a mapping', 'tunnel', { user: 'a' }, { user: 'a', password: 'new' }],
    ['masked inside a mapping', 'greetings', { first: '******' }, { first: 'new' }],
    ['masked inside a list', 'greetings', ['hello', '***'], ['new', 'hello']],
  ])('is sent again when it is only a secret %s', (_what, field, from, to) => {
    expect(shownOf(field, from, to)).toBe('sent-again');
  });

  test.each([
    ['a secret that Fivetran shows', 'password', 'old', 'new'],
    ['a mapping with a secret in it', 'tunnel', { user: 'a' }, { user: 'b', password: 'new' }],
    ['a list with a secret in it', 'accounts', [{ id: 1 }], [{ id: 2, api_key: 'new' }]],
    ['a mapping of which Fivetran shows nothing', 'tunnel', {}, { user: 'a', password: 'new' }],
    ['an empty mapping that becomes a secret', 'tunnel', {}, { password: 'new' }],
  ])('is only named: %s', (_what, field, from, to) => {
    expect(shownOf(field, from, to)).toBe('name');
  });

  test('is only named when its value came through the environment', () => {
    const changes = fieldChanges({ host: 'b' }, { host: 'a' }, { isHidden: () => true });
    expect(changes).toMatchObject([{ field: 'host', shown: 'name', isSecret: false }]);
  });

  test('has its path, and the old and the new value', () => {
    const wanted = { port: 2, host: 'b' };
    expect(fieldChanges(wanted, { port: 1, host: 'b' }, { prefix: 'config.' })).toEqual([
      { field: 'config.port', from: 1, to: 2, shown: 'values', isSecret: false },
    ]);
  });
});

describe('a value matches', () => {
  test.each([
    ['a number as text', 360, '360'],
    ['a boolean as text', 'true', true],
    ['an empty text that is missing', '', undefined],
    ['an empty list that is null', [], null],
    ['an empty mapping that is missing', {}, undefined],
    ['a null that is an empty text', null, ''],
    ['a mapping with more fields', { a: 1 }, { a: '1', b: 2 }],
    ['a mapping without its empty fields', { a: 1, b: null, c: { d: [] } }, { a: 1 }],
    ['a list in another order', ['a', 'b', 'c'], ['c', 'a', 'b']],
    ['a list with repeated items', ['a', 'b', 'a'], ['a', 'a', 'b']],
    ['nested lists in another order', [{ x: [1, 2] }, { x: [3] }], [{ x: ['3'] }, { x: [2, 1] }]],
    [
      'items of which one fits two',
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: 1, b: 2 },
        { a: 1, c: 3 },
      ],
    ],
    [
      'an item that fits an equal one',
      [{ a: 1, b: 2 }, { a: 1 }],
      [
        { a: 1, b: 2 },
        { a: 1, b: 2 },
      ],
    ],
    [
      'items that only fit after a change of partners',
      [{ a: 1 }, { a: 1, b: 2 }],
      [
        { a: 1, b: 2, c: 3 },
        { a: 1, c: 3 },
      ],
    ],
  ])('%s', (_what, wanted, actual) => {
    expect(matches(wanted, actual)).toBe(true);
  });

  test.each([
    ['a number that differs', 360, '0360'],
    ['a text that is missing', 'a', undefined],
    ['an empty text that is set', '', 'a'],
    ['an empty list that is set', [], ['a']],
    ['false that is missing', false, undefined],
    ['zero that is missing', 0, null],
    ['a shorter list', ['a', 'b'], ['a']],
    ['a longer list', ['a'], ['a', 'b']],
    ['a list of an empty text that is missing', [''], undefined],
    ['a list that repeats another item', ['a', 'b', 'b'], ['a', 'a', 'b']],
    ['items that fit the same one', [{ a: 1 }, { a: 1 }], [{ a: 1 }, { a: 2 }]],
    ['items that fit a part of the same one', [{ a: 1 }, { a: 1 }], [{ a: 1, b: 2 }, { a: 2 }]],
    ['a list that is a mapping', ['a'], { 0: 'a' }],
    ['a mapping that is a text', { a: 1 }, '[object Object]'],
    ['a secret that is masked', 'hunter2', '******'],
  ])('not: %s', (_what, wanted, actual) => {
    expect(matches(wanted, actual)).toBe(false);
  });

  test('however many items a list has', () => {
    const items = Array.from({ length: 5000 }, (_, at) => ({
      table: `t${at}`,
      on: at % 2 === 0,
    }));
    expect(matches(items, [...items].reverse())).toBe(true);
    expect(matches(items, [...items].reverse().with(7, { table: 'other', on: true }))).toBe(false);
  });
});
