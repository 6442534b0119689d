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
    const { requests, error, state } = await apply(wanted('update'), (api) => {
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
    const hashed = state.selectionChanges?.filter(({ field }) => field === 'hashed');
    expect(hashed).toHaveLength(1);
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
      expect(error).toMatch(
        /^Connection shop stays paused, because its selection could not be completed: The run was cancelled\./,
      );
    },
  );
});

describe('an EXCLUDE reload without an answer', () => {
  /** Loses the answer of the first reload; `onRead` is called with the number of each later read. */
  const losing = (onRead: (nth: number, api: SchemaApi) => void) => (api: SchemaApi) => {
    api.faults.set(2, 'unsent effect');
    let reads = 0;
    api.before = (name) => {
      if (name === 'GET' && api.requests.length > 2) onRead(++reads, api);
    };
  };
  const reloads = (requests: string[]) => requests.filter((name) => name.startsWith('RELOAD'));

  test('is waited for with growing pauses, then the selection is applied', async () => {
    const { api, requests, error, sleeps, lines } = await apply(
      wanted(),
      losing((nth, api) => {
        if (nth === 20) api.capture(false);
      }),
    );
    expect(error).toBeUndefined();
    expect(reloads(requests)).toEqual(['RELOAD EXCLUDE']);
    expect(api.syncing()).toEqual(wantedSyncing);
    expect(sleeps.slice(0, 7)).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
    expect(lines).toContain(
      'Could not reach Fivetran. The reload may still be running; waiting for its schema.',
    );
  });

  test('is not over while anything of its schema syncs that could be disabled', async () => {
    const { api, requests, error } = await apply(
      wanted(),
      losing((nth, api) => {
        if (nth === 3) api.capture(true);
        const isLocked = (name: string) => name.endsWith('!');
        // The reload ends only here.
        if (nth === 6) {
          for (const { tables } of api.schemas.values()) {
            for (const [name, table] of tables) table.enabled = isLocked(name);
          }
        }
      }),
    );
    expect(error).toBeUndefined();
    expect(requests.indexOf('PATCH')).toBeGreaterThan(7);
    expect(api.syncing()).toEqual(wantedSyncing);
  });

  test('fails, paused, after the time limit of a reload, and is not sent again', async () => {
    const { requests, error, sleeps } = await apply(
      wanted(),
      losing(() => {}),
    );
    expect(reloads(requests)).toEqual(['RELOAD EXCLUDE']);
    expect(requests).not.toContain('PATCH');
    expect(error).toBe(
      'Connection shop stays paused, because its selection could not be completed: Could not reach ' +
        'Fivetran. Its schema did not appear within 60 min. The reload may still end: it ' +
        'disables every schema and table.',
    );
    const waitedMs = sleeps.reduce((sum, ms) => sum + ms, 0);
    expect(waitedMs).toBeGreaterThanOrEqual(3600_000);
    expect(waitedMs).toBeLessThan(3720_000);
  });

  test('is waited for across reads that fail, but not after a refusal', async () => {
    const unanswered = await apply(
      wanted(),
      losing((nth, api) => {
        if (nth < 5) api.faults.set(api.requests.length, 'unsent effect');
        else api.capture(false);
      }),
    );
    expect(unanswered.error).toBeUndefined();
    const refused = await apply(
      wanted(),
      losing((nth, api) => {
        if (nth === 2) api.faults.set(api.requests.length, 'refused');
      }),
    );
    expect(refused.error).toMatch(/stays paused.*403/);
    expect(refused.sleeps).toHaveLength(2);
  });

  test('of a connection that syncs cannot happen: its reload is repeated', async () => {
    const { requests, error } = await apply(
      wanted('update'),
      (api) => api.faults.set(2, 'unsent effect'),
      synced,
    );
    expect(error).toBeUndefined();
    expect(reloads(requests)).toEqual(['RELOAD PRESERVE', 'RELOAD PRESERVE']);
  });
});

test('an unanswered patch without effect yet is sent again, and its changes are told once', async () => {
  const { api, requests, error, state } = await apply(
    wanted('update'),
    (api) => {
      api.capture(true);
      api.faults.set(3, 'unsent effect');
    },
    synced,
  );
  expect(error).toBeUndefined();
  expect(requests.filter((name) => name === 'PATCH')).toHaveLength(2);
  expect(requests.at(-1)).toBe('GET');
  expect(api.syncing()).toEqual(wantedSyncing);
  expect(state).toMatchObject({ result: 'updated', inFlight: undefined });
  expect(state.selectionChanges?.map(({ path, field }) => [...path, field].join('.'))).toEqual([
    'schema_change_handling',
    'public.users.email.hashed',
    'public.users.notes.enabled',
    'public.logs.enabled',
    'audit.enabled',
  ]);
});

test('the changes of an unanswered patch are told once a read shows them', async () => {
  const lost = (api: SchemaApi): void => {
    api.capture(true);
    api.faults.set(3, 'lost answer');
  };
  const { state } = await apply(wanted('update'), lost, synced);
  expect(state.selectionChanges).toHaveLength(5);
  const unread = await apply(
    wanted('update'),
    (api) => {
      lost(api);
      api.faults.set(4, 'refused');
    },
    synced,
  );
  expect(unread.state.selectionChanges).toBeUndefined();
  expect(unread.state.inFlight).toBe('update');
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
