import { InputError, problemText } from '../../../src/inputs/problem.ts';

const problem = { field: 'service', message: 'required.' };

test('one problem is one line', () => {
  expect(new InputError([problem]).message).toBe(
    'service: required. Nothing was sent to Fivetran.',
  );
});

test('several problems are a list', () => {
  expect(new InputError([problem, { field: 'paused', message: 'wrong.' }]).message).toBe(
    '2 problems with the inputs. Nothing was sent to Fivetran.\n- service: required.\n- paused: wrong.',
  );
});

test.each([
  [{ file: 'a/b.yml', line: 3 }, 'a/b.yml:3: service: required.'],
  [{ file: 'a/b.yml' }, 'a/b.yml: service: required.'],
  [{ file: 'a/b.yml', line: 3, field: '' }, 'a/b.yml:3: required.'],
])('a problem in a file says where: %j', (place, text) => {
  expect(problemText({ ...problem, ...place })).toBe(text);
});
