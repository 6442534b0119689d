import { describeChanges } from '../../../../src/connection/selection/describe.ts';
import type { SelectionChange } from '../../../../src/connection/selection/diff.ts';

const email = ['public', 'users', 'email'];

test.each<[SelectionChange, string]>([
  [{ path: email, field: 'hashed', from: true, to: false }, 'Stop hashing public.users.email.'],
  [
    { path: ['public', 'users'], field: 'sync_mode', from: undefined, to: 'HISTORY' },
    'Set sync_mode HISTORY for public.users.',
  ],
])('%j is a sentence', (change, sentence) => {
  expect(describeChanges([change])).toEqual([sentence]);
});

test('of more than 20 changes of one kind, the others are counted', () => {
  const changes = (count: number, to: boolean): SelectionChange[] =>
    Array.from({ length: count }, (_, index) => ({
      path: ['public', `t${index}`],
      field: 'enabled',
      from: !to,
      to,
    }));
  expect(describeChanges(changes(20, true)).at(-1)).toBe('Enable public.t19.');
  const sentences = describeChanges([...changes(5000, true), ...changes(21, false)]);
  expect(sentences).toHaveLength(42);
  expect(sentences.slice(19, 22)).toEqual([
    'Enable public.t19.',
    'Enable 4980 more tables.',
    'Disable public.t0.',
  ]);
  expect(sentences.at(-1)).toBe('Disable 1 more table.');
});
