import { describeChanges } from '../../../../src/connection/selection/describe.ts';
import type { SelectionChange } from '../../../../src/connection/selection/diff.ts';

const users = ['public', 'users'];
const email = [...users, 'email'];

test.each<[SelectionChange, string]>([
  [
    { path: [], field: 'schema_change_handling', from: 'ALLOW_ALL', to: 'BLOCK_ALL' },
    'Set schema_change_handling to BLOCK_ALL (now ALLOW_ALL).',
  ],
  [{ path: ['public'], field: 'enabled', from: false, to: true }, 'Enable public.'],
  [{ path: users, field: 'enabled', from: true, to: false }, 'Disable public.users.'],
  [
    { path: users, field: 'sync_mode', from: 'LIVE', to: 'HISTORY' },
    'Set sync_mode HISTORY for public.users (now LIVE).',
  ],
  [
    { path: users, field: 'sync_mode', from: undefined, to: 'HISTORY' },
    'Set sync_mode HISTORY for public.users.',
  ],
  [{ path: email, field: 'hashed', from: false, to: true }, 'Hash public.users.email.'],
  [{ path: email, field: 'hashed', from: true, to: false }, 'Stop hashing public.users.email.'],
  [
    { path: email, field: 'is_primary_key', from: false, to: true },
    'Set is_primary_key true for public.users.email.',
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
