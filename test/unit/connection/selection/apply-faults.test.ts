import { CancelledError } from '../../../../src/fivetran/http/errors.ts';
import { type SchemaApi, specOf } from './api.ts';
import { apply, run, synced, wanted, wantedSyncing } from './shop.ts';

describe('faults', () => {
  const faults = ['lost answer', 'unsent effect', 'conflict', 'refused'] as const;
  const steps = [1, 2, 3, 4, 5];

  test.each(
    faults.flatMap((fault) =>
      steps.flatMap((step) => [1, 2].map((times) => ({ fault, step, times }))),
    ),
  )(
    '$fault at request $step, $times in a row: applied, or failed, paused and completed by a re-run',
    async ({ fault, step, times }) => {
      const first = await apply(wanted(), (api) => {
        for (let index = 0; index < times; index++) api.faults.set(step + index, fault);
      });
      const { api, error } = first;
      if (error === undefined) {
        expect(api.syncing()).toEqual(wantedSyncing);
      } else {
        expect(error).toMatch(/^Connection shop stays paused, because /);
      }
      api.faults.clear();
      const again = await run(wanted('update'), first);
      expect(again.error).toBeUndefined();
      expect(api.syncing()).toEqual(wantedSyncing);
    },
  );

  test('a reload whose answer was lost is not repeated when it succeeded', async () => {
    const { requests, error } = await apply(wanted(), (api) => api.faults.set(2, 'lost answer'));
    expect(error).toBeUndefined();
    expect(requests.slice(0, 4)).toEqual(['GET', 'RELOAD EXCLUDE', 'GET', 'COLUMNS public.users']);
  });

  test('a patch whose answer was lost is not repeated when it succeeded', async () => {
    const { requests, state } = await apply(wanted('update'), (api) =>
      api.faults.set(4, 'lost answer'),
    );
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(1);
    expect(state).toMatchObject({ result: 'updated', inFlight: undefined });
  });

  test('after a conflict, the schema is read again and the remaining changes are sent, with backoff', async () => {
    const { api, requests, sleeps } = await apply(wanted(), (api) => {
      api.faults.set(4, 'conflict');
      api.before = () => {
        // The concurrent client enables the same items.
        if (api.requests.length !== 5) return;
        const orders = api.schemas.get('public')?.tables.get('orders');
        if (orders) orders.enabled = true;
      };
    });
    expect(requests).toEqual([
      'GET',
      'RELOAD EXCLUDE',
      'COLUMNS public.users',
      'PATCH',
      'GET',
      'COLUMNS public.users',
      'PATCH',
      'GET',
    ]);
    expect(JSON.stringify(api.bodies.at(-1))).not.toContain('orders');
    expect(api.syncing()).toEqual(wantedSyncing);
    expect(sleeps).toHaveLength(1);
  });

  test('after five retries, a conflict is an error', async () => {
    const { requests, error, sleeps, lines } = await apply(wanted(), (api) => {
      api.capture(true);
      api.before = (name) => {
        if (name === 'PATCH') api.faults.set(api.requests.length, 'conflict');
      };
    });
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(6);
    expect(sleeps).toHaveLength(5);
    expect(error).toMatch(/^Connection shop stays paused, because .*409 Conflict/);
    expect(lines.join('\n')).toContain('409 Conflict: No. Reading the schema again in 0.5 s.');
  });

  test('a patch without effect fails after two tries and lists what still differs', async () => {
    const { requests, error } = await apply(wanted(), (api) => {
      api.capture(true);
      const users = api.schemas.get('public')?.tables.get('users');
      const email = users?.columns.get('email');
      if (!email) throw new Error('The shop has changed.');
      Object.defineProperty(email, 'hashed', { get: () => false, set: () => {}, enumerable: true });
    });
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(2);
    expect(error).toBe(
      'Connection shop stays paused, because its selection could not be completed: ' +
        'Fivetran accepted it, but the schema still differs. Remaining changes: Hash public.users.email.',
    );
  });

  test('a schema that is missing after the patch is an error', async () => {
    const { error } = await apply(wanted(), (api) => {
      api.before = (name) => {
        if (name === 'GET' && api.requests.length > 1) api.isCaptured = false;
      };
    });
    expect(error).toContain('Fivetran no longer has a schema for connection shop.');
  });

  test('a running connection is not reported as paused', async () => {
    const { error } = await apply(wanted('update'), (api) => api.faults.set(1, 'refused'), {
      ...synced,
      paused: false,
    });
    expect(error).toMatch(/^Connection shop is not paused, and its selection could not be .*403/);
  });

  test('a new connection that Fivetran reports as running is not reported as paused', async () => {
    const { error } = await apply(wanted(), (api) => api.faults.set(1, 'refused'), {
      paused: false,
    });
    expect(error).toMatch(/^Connection shop is not paused, and its selection could not be .*403/);
  });

  test.each([
    { request: 5, what: 'the read that follows' },
    { request: 6, what: 'nothing at all' },
  ])('an accepted patch counts as an update when $what fails', async ({ request }) => {
    const { error, state } = await apply(wanted('update'), (api) =>
      api.faults.set(request, 'refused'),
    );
    expect(error === undefined).toBe(request === 6);
    expect(state.result).toBe('updated');
  });

  test('a patch that stays unanswered leaves the update unknown', async () => {
    const { error, state } = await apply(wanted('update'), (api) => {
      api.faults.set(4, 'lost answer');
      api.faults.set(5, 'refused');
    });
    expect(error).toContain('403');
    expect(state).toMatchObject({ result: 'reused', inFlight: 'update' });
  });

  test('conflicts do not repeat the list of changes', async () => {
    const { lines, error } = await apply(wanted(), (api) => {
      for (const request of [4, 7, 10]) api.faults.set(request, 'conflict');
    });
    expect(error).toBeUndefined();
    expect(lines.filter((line) => line.includes('Reading the schema again'))).toHaveLength(3);
    expect(lines.filter((line) => line === 'Hash public.users.email.')).toHaveLength(1);
  });

  test.each(['PATCH', 'GET', 'COLUMNS public.users', 'RELOAD EXCLUDE'])(
    'a cancellation during %s says that the connection stays paused',
    async (request) => {
      const { error } = await apply(wanted(), (api) => {
        api.before = (name) => {
          if (name === request) throw new CancelledError('The run was cancelled.');
        };
      });
      expect(error).toBe(
        'Connection shop stays paused, because its selection could not be completed: The run was cancelled.',
      );
    },
  );
});

describe('columns that appear late under BLOCK_ALL', () => {
  const spec = specOf('BLOCK_ALL', { public: { users: { columns: { email: {} } } } });
  const addsAfter = (patches: number) => (api: SchemaApi) => {
    let added = 0;
    api.before = (name) => {
      const done = api.requests.filter((request) => request === 'PATCH').length;
      if (name !== 'GET' || done === 0 || done > patches || added === done) return;
      added = done;
      const column = { enabled: true, hashed: false, is_primary_key: false, locked: false };
      api.schemas
        .get('public')
        ?.tables.get('users')
        ?.columns.set(`late_${done}`, {
          ...column,
          isSet: done % 2 === 1,
        });
    };
  };

  test('are disabled with one more patch', async () => {
    const { api, requests, error } = await apply(spec, addsAfter(1));
    expect(error).toBeUndefined();
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(2);
    expect(api.syncing()).toEqual([
      'public.journal!.id!',
      'public.users.email',
      'public.users.id!',
    ]);
  });

  test('fail the selection when they keep appearing', async () => {
    const { error } = await apply(spec, addsAfter(2));
    expect(error).toContain('Remaining changes: Disable public.users.late_2.');
  });
});
