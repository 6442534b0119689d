import { InputError, problemText, unknownField } from '../../../src/inputs/problem.ts';

const problem = { path: ['service'], message: 'required.' };

test('one problem is one line', () => {
  expect(new InputError([problem]).message).toBe(
    'service: required. Nothing was sent to Fivetran.',
  );
});

test('several problems are a list', () => {
  expect(new InputError([problem, { path: ['paused'], message: 'wrong.' }]).message).toBe(
    '2 problems with the inputs. Nothing was sent to Fivetran.\n- service: required.\n- paused: wrong.',
  );
});

test.each([
  [{ file: 'a/b.yml', line: 3 }, 'a/b.yml:3: service: required.'],
  [{ file: 'a/b.yml' }, 'a/b.yml: service: required.'],
  [{ file: 'a/b.yml', line: 3, path: [] }, 'a/b.yml:3: required.'],
])('a problem in a file says where: %j', (place, text) => {
  expect(problemText({ ...problem, ...place })).toBe(text);
});

test('an unknown field suggests a similar one or lists the known ones', () => {
  expect(unknownField(['config', 'hots'], ['host', 'port'])).toEqual({
    path: ['config', 'hots'],
    message: 'unknown field. Did you mean host?',
  });
  expect(unknownField(['something'], ['host', 'port']).message).toBe(
    'unknown field. Known fields: host, port.',
  );
});
