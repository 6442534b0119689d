import { type SchemaApi, specOf } from './schema-api.ts';
import { apply, run, synced, wanted, wantedSyncing } from './schema-shop.ts';

describe('faults', () => {
  const faults = ['lost answer', 'unsent effect', 'conflict', 'refused'] as const;
  const steps = [1, 2, 3, 4, 5];

  test.each(
    faults.flatMap((fault) =>
      steps.flatMap((step) => [1, 2].map((times) => ({ fault, step, times }))),
    ),
  )(
    '$fault at request $step, $times in a row: in place, or failed, paused and finished by a re-run',
    async ({ fault, step, times }) => {
      const first = await apply(wanted(), (api) => {
        for (let index = 0; index < times; index++) api.faults.set(step + index, fault);
      });
      const { api, error } = first;
      if (error === undefined) {
        expect(api.syncing()).toEqual(wantedSyncing);
      } else {
        expect(error).toMatch(/Connection shop stays paused\.$/);
      }
      api.faults.clear();
      const again = await run(wanted('update'), first);
      expect(again.error).toBeUndefined();
      expect(api.syncing()).toEqual(wantedSyncing);
    },
  );

  test('a reload whose answer was lost is not repeated when the schema is there', async () => {
    const { requests, error } = await apply(wanted(), (api) => api.faults.set(2, 'lost answer'));
    expect(error).toBeUndefined();
    expect(requests.slice(0, 4)).toEqual(['GET', 'RELOAD EXCLUDE', 'GET', 'COLUMNS public.users']);
  });

  test('a patch whose answer was lost is not repeated when it was applied', async () => {
    const { requests, hasChanged } = await apply(wanted(), (api) =>
      api.faults.set(4, 'lost answer'),
    );
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(1);
    expect(hasChanged).toBe(true);
  });

  test('a conflict is read again and the rest of the difference is sent, after a growing wait', async () => {
    const { api, requests, sleeps } = await apply(wanted(), (api) => {
      api.faults.set(4, 'conflict');
      api.before = () => {
        // Whoever else is at work enables what this selection wants as well.
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

  test('conflicts without end are given up after five more tries', async () => {
    const { requests, error, sleeps, lines } = await apply(wanted(), (api) => {
      api.capture(true);
      api.before = (name) => {
        if (name === 'PATCH') api.faults.set(api.requests.length, 'conflict');
      };
    });
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(6);
    expect(sleeps).toHaveLength(5);
    expect(error).toMatch(/409 Conflict.* Connection shop stays paused\.$/);
    expect(lines.join('\n')).toContain('409 Conflict: No. Reading the schema again in 0.5 s.');
  });

  test('a patch that never changes anything fails after two, and says what is left', async () => {
    const { requests, error } = await apply(wanted(), (api) => {
      api.capture(true);
      const users = api.schemas.get('public')?.tables.get('users');
      const email = users?.columns.get('email');
      if (!email) throw new Error('The shop has changed.');
      Object.defineProperty(email, 'hashed', { get: () => false, set: () => {}, enumerable: true });
    });
    expect(requests.filter((name) => name === 'PATCH')).toHaveLength(2);
    expect(error).toBe(
      'Fivetran accepted the selection of connection shop, but its schema still differs. ' +
        'Remaining changes: Hash public.users.email. Connection shop stays paused.',
    );
  });

  test('a schema that is gone after the patch is an error', async () => {
    const { error } = await apply(wanted(), (api) => {
      api.before = (name) => {
        if (name === 'GET' && api.requests.length > 1) api.isCaptured = false;
      };
    });
    expect(error).toContain('Fivetran no longer has a schema for connection shop.');
  });

  test('a connection that was running is not said to stay paused', async () => {
    const { error } = await apply(wanted('update'), (api) => api.faults.set(1, 'refused'), {
      ...synced,
      paused: 'false',
    });
    expect(error).toContain('403');
    expect(error).not.toContain('paused');
  });
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
