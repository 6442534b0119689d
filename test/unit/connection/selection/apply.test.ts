import { RefusedError } from '../../../../src/fivetran/http/errors.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { type SchemaApi, schemaApi, specOf } from './api.ts';
import { apply, captured, run, shop, synced, wanted, wantedSyncing } from './shop.ts';

describe('a new connection', () => {
  test('is reloaded with everything disabled, patched once and verified', async () => {
    const { requests, api, state, lines } = await apply(wanted());
    expect(requests).toEqual(['GET', 'RELOAD EXCLUDE', 'COLUMNS public.users', 'PATCH', 'GET']);
    expect(state.result).toBe('created');
    expect(api.syncing()).toEqual(wantedSyncing);
    expect(state.selection).toEqual({
      schemas: { enabled: 1, disabled: 1 },
      tables: { enabled: 3, disabled: 2 },
      columns: { enabled: 1, disabled: 1 },
      hashed: 1,
    });
    expect(lines).toEqual([
      'Reloading the schema of connection shop: this can take several minutes.',
      'Updating the selection of connection shop (6 changes):',
      'Set schema_change_handling to ALLOW_COLUMNS (now ALLOW_ALL).',
      'Enable public.',
      'Enable public.orders.',
      'Enable public.users.',
      'Hash public.users.email.',
      'Disable public.users.notes.',
      'The selection of connection shop is applied: 1 schema enabled, 1 disabled; 3 tables enabled, ' +
        '2 disabled; 1 known column enabled, 1 disabled, 1 hashed.',
    ]);
  });

  test('is reloaded with everything preserved under ALLOW_ALL', async () => {
    const { requests } = await apply(
      specOf('ALLOW_ALL', { audit: { events: { enabled: false } } }),
    );
    expect(requests).toEqual(['GET', 'RELOAD PRESERVE', 'PATCH', 'GET']);
  });

  test('with BLOCK_ALL keeps the listed columns, the locked ones, and tables that list none', async () => {
    const { api, requests } = await apply(
      specOf('BLOCK_ALL', {
        public: { orders: {}, users: { columns: { email: { hashed: true } } } },
      }),
    );
    expect(requests).toEqual([
      'GET',
      'RELOAD EXCLUDE',
      'COLUMNS public.users',
      'PATCH',
      'GET',
      'COLUMNS public.users',
    ]);
    expect(api.syncing()).toEqual([
      'public.journal!.id!',
      'public.orders.amount',
      'public.orders.id!',
      'public.users.email#',
      'public.users.id!',
    ]);
  });

  test.each([
    ['has synced', { succeeded_at: '2026-01-01T00:00:00Z' }],
    ['has failed to sync', { failed_at: '2026-01-01T00:00:00Z' }],
    ['is past its historical sync', { status: { is_historical_sync: false } }],
    ['is syncing', { status: { sync_state: 'syncing' } }],
  ])('is never disabled as a whole when it %s', async (_, connection) => {
    const { requests, api } = await apply(wanted('update'), () => {}, connection);
    expect(requests[1]).toBe('RELOAD PRESERVE');
    expect(api.syncing()).toEqual(wantedSyncing);
  });
});

describe('an existing connection', () => {
  test('needs one read when nothing differs, and does not list known columns', async () => {
    const first = await apply(wanted());
    const { requests, state, lines } = await run(wanted('update'), first, synced);
    expect(requests).toEqual(['GET']);
    expect(lines).toEqual([expect.stringContaining('connection shop is already up to date: ')]);
    expect(state.result).toBe('reused');
    expect(state.selection?.tables).toEqual({ enabled: 3, disabled: 2 });
  });

  test('is patched with the differences only', async () => {
    const first = await apply(wanted());
    const { api } = first;
    const logs = api.schemas.get('public')?.tables.get('logs');
    const email = api.schemas.get('public')?.tables.get('users')?.columns.get('email');
    if (!logs || !email) throw new Error('The shop has changed.');
    logs.enabled = true;
    email.hashed = false;
    const { requests, state, lines } = await run(wanted('update'), first, synced);
    expect(requests).toEqual(['GET', 'PATCH', 'GET']);
    expect(state.result).toBe('updated');
    expect(api.bodies.at(-1)).toEqual({
      schemas: {
        public: {
          enabled: true,
          tables: {
            users: { enabled: true, columns: { email: { enabled: true, hashed: true } } },
            logs: { enabled: false },
          },
        },
      },
    });
    expect(api.syncing()).toEqual(wantedSyncing);
    expect(lines.join('\n')).not.toContain('historical');
  });

  test('that has synced logs the historical sync of each enabled table', async () => {
    const first = await apply(wanted());
    const spec = specOf('ALLOW_COLUMNS', { public: { orders: {}, users: {}, logs: {} } }, 'update');
    const { lines } = await run(spec, first, synced);
    expect(lines).toContain(
      'Connection shop has already synced, so this starts the historical sync of public.logs.',
    );
  });

  test('with reuse is compared, warned about and left unchanged', async () => {
    const { requests, state } = await apply(wanted('reuse'), captured, synced);
    expect(requests).toEqual(['GET', 'COLUMNS public.users']);
    expect(state.result).toBe('reused');
    expect(state.notes).toHaveLength(1);
    expect(state.notes[0]).toMatch(
      /^The selection of connection shop differs from schemas; if_exists: reuse /,
    );
    expect(state.notes[0]).toContain('Disable public.logs. Disable audit.');
    expect(state.selection).toBeUndefined();
  });

  test('with reuse warns about a table that is missing, even when nothing else differs', async () => {
    const first = await apply(wanted());
    const spec = specOf('ALLOW_COLUMNS', {
      public: {
        orders: {},
        users: { columns: { email: { hashed: true }, notes: { enabled: false } } },
        ordres: {},
      },
    });
    const { requests, state } = await run({ ...spec, if_exists: 'reuse' }, first, synced);
    expect(requests.every((name) => name === 'GET' || name.startsWith('COLUMNS'))).toBe(true);
    expect(state.notes).toEqual([expect.stringMatching(/ordres: the source has no such table/)]);
    expect(state.isSelected).toBe(false);
  });

  test('with reuse warns only about differences or a missing schema', async () => {
    const first = await apply(wanted());
    const { requests, state } = await run(wanted('reuse'), first, synced);
    expect(requests).toEqual(['GET']);
    expect(state.notes).toEqual([]);
    const unread = await apply(wanted('reuse'));
    expect(unread.requests).toEqual(['GET']);
    expect(unread.state.notes[0]).toContain('Fivetran has not read its schema yet');
  });
});

describe('names that the source does not have', () => {
  const misspelt = specOf('ALLOW_COLUMNS', {
    public: { ordrs: {}, users: { columns: { emial: { hashed: true } } } },
    adit: undefined,
  });

  test('fail together after one reload, with the connection paused', async () => {
    const { error, requests, api } = await apply(misspelt, captured);
    expect(error).toBe(
      'Connection shop stays paused, because its selection could not be completed: ' +
        'schemas.adit: the source has no such schema. Did you mean audit? ' +
        'schemas.public.tables.ordrs: the source has no such table. Did you mean orders? ' +
        'schemas.public.tables.users.columns.emial: the source has no such column. Did you mean email?',
    );
    expect(requests).toEqual(['GET', 'RELOAD PRESERVE', 'COLUMNS public.users']);
    expect(api.bodies).toEqual([]);
  });

  test('cause no second reload right after the first', async () => {
    const { error, requests } = await apply(misspelt);
    expect(error).toContain('schemas.adit');
    expect(requests.filter((name) => name.startsWith('RELOAD'))).toEqual(['RELOAD EXCLUDE']);
  });

  test('are found by the reload if they were added since', async () => {
    const { api, fivetran } = schemaApi({ public: { users: ['id!'] } });
    api.capture(true);
    api.source = shop;
    const { requests, error } = await run(wanted('update'), { api, fivetran }, synced);
    expect(error).toBeUndefined();
    expect(requests.slice(0, 2)).toEqual(['GET', 'RELOAD PRESERVE']);
    expect(api.syncing()).toEqual(wantedSyncing);
  });

  test('are counted when there are too many to list', async () => {
    const names = Array.from({ length: 60 }, (_, index) => [`missing_${index}`, {}]);
    const { error } = await apply(
      specOf('ALLOW_COLUMNS', { public: Object.fromEntries(names) }),
      captured,
    );
    expect(error).toMatch(
      /^Connection shop stays paused, because its selection could not be completed: 60 problems \(\d+ shown\): /,
    );
    expect(error?.length).toBeLessThan(3000);
  });
});

describe('a service that cannot reload its schema', () => {
  const cannotReload = (api: SchemaApi): void => {
    api.canReload = false;
    api.canListColumns = false;
  };

  test('is sent the selection unverified, with a warning', async () => {
    const { requests, api, state } = await apply(wanted('update'), cannotReload);
    expect(requests).toEqual(['GET', 'RELOAD EXCLUDE', 'POST']);
    expect(state.result).toBe('updated');
    expect(api.bodies).toEqual([
      {
        schema_change_handling: 'ALLOW_COLUMNS',
        schemas: {
          public: {
            enabled: true,
            tables: {
              orders: { enabled: true },
              users: {
                enabled: true,
                columns: { email: { enabled: true, hashed: true }, notes: { enabled: false } },
              },
            },
          },
        },
      },
    ]);
    expect(state.notes).toEqual([
      'The schema of connection shop cannot be read before its first sync. The selection was set, but ' +
        'the names in schemas were not verified.',
    ]);
  });

  test.each([
    [
      'is waiting to read its schema in a sync',
      400,
      'blocked_on_capture',
      ['GET', 'RELOAD', 'POST'],
    ],
    ['is not waiting for a sync', 400, 'ready', ['GET', 'RELOAD']],
    ['is not waiting for a sync', 400, undefined, ['GET', 'RELOAD']],
    ['may not be changed', 403, 'blocked_on_capture', ['GET', 'RELOAD']],
  ])(
    'counts as such when its connection %s: %i, %s',
    async (_what, status, schema_status, expected) => {
      const { requests, error } = await apply(
        wanted(),
        (api) => {
          api.before = (name) => {
            if (!name.startsWith('RELOAD')) return;
            throw new RefusedError({
              purpose: 'reload the schemas',
              status,
              code: 'InvalidState',
              reason: 'No',
              conflictHint: '',
            });
          };
        },
        { status: { schema_status } },
      );
      expect(requests.map((name) => name.split(' ')[0])).toEqual(expected);
      expect(error === undefined).toBe(expected.includes('POST'));
    },
  );

  test.each(['unsent effect', 'lost answer'] as const)(
    'is sent the selection until it took effect: %s',
    async (fault) => {
      const { requests, api, error, state } = await apply(wanted('update'), (api) => {
        cannotReload(api);
        api.before = (name) => {
          if (name !== 'POST' || api.isCaptured) return;
          api.faults.set(api.requests.length, fault);
          // A sync that begins meanwhile reveals the schema.
          if (fault === 'unsent effect') api.capture(true);
        };
      });
      expect(error).toBeUndefined();
      expect(requests.filter((name) => name === 'POST')).toHaveLength(
        fault === 'lost answer' ? 1 : 2,
      );
      expect(state).toMatchObject({ result: 'updated', inFlight: undefined });
      expect(api.policy).toBe('ALLOW_COLUMNS');
    },
  );

  test('changes nothing on a re-run and cannot verify columns under BLOCK_ALL', async () => {
    const spec = (if_exists: PresentSpec['if_exists']) =>
      specOf(
        'BLOCK_ALL',
        { public: { users: { columns: { email: { hashed: true } } } } },
        if_exists,
      );
    const first = await apply(spec('fail'), cannotReload);
    const { requests, state, error } = await run(spec('update'), first);
    expect(error).toBeUndefined();
    expect(state.result).toBe('reused');
    expect(requests).toEqual(['GET', 'COLUMNS public.users']);
  });

  test('refuses tables missing from its schema once it syncs', async () => {
    const first = await apply(wanted(), cannotReload);
    const spec = specOf('ALLOW_COLUMNS', { public: { invoices: {} } }, 'update');
    const { error, requests } = await run(spec, first, synced);
    expect(error).toContain('schemas.public.tables.invoices: the source has no such table.');
    expect(requests).toEqual(['GET', 'RELOAD PRESERVE']);
  });

  test('is recognized by schema_status blocked_on_capture', async () => {
    const blocked = { status: { schema_status: 'blocked_on_capture' } };
    const { requests } = await apply(wanted(), cannotReload, blocked);
    expect(requests.at(-1)).toBe('POST');
  });

  test('reads the schema after a lost answer before sending again', async () => {
    const lost = await apply(wanted('update'), (api) => {
      cannotReload(api);
      api.faults.set(3, 'lost answer');
    });
    expect(lost.requests).toEqual(['GET', 'RELOAD EXCLUDE', 'POST', 'GET']);
    expect(lost.error).toBeUndefined();
    expect(lost.state).toMatchObject({ result: 'updated', inFlight: undefined });
    const unsent = await apply(wanted(), (api) => {
      cannotReload(api);
      api.faults.set(3, 'unsent effect');
    });
    expect(unsent.requests).toEqual(['GET', 'RELOAD EXCLUDE', 'POST', 'GET', 'POST']);
    expect(unsent.error).toBeUndefined();
  });
});

describe('5,000 tables', () => {
  const tables = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`t${index}`, ['id!', 'value']]),
  );
  const chosen = Object.fromEntries(
    Array.from({ length: 2500 }, (_, index) => [`t${index * 2}`, {}]),
  );

  test('take as many requests as three tables', async () => {
    const large = schemaApi({ public: tables });
    const first = await run(specOf('ALLOW_COLUMNS', { public: chosen }), large);
    expect(first.requests).toEqual(['GET', 'RELOAD EXCLUDE', 'PATCH', 'GET']);
    expect(first.state.selection?.tables).toEqual({ enabled: 2500, disabled: 2500 });
    expect(first.lines.length).toBeLessThan(30);
    const again = await run(specOf('ALLOW_COLUMNS', { public: chosen }, 'update'), large, synced);
    expect(again.requests).toEqual(['GET']);
  });

  test('list the columns of each named table once, and none after a failure', async () => {
    const columns = Object.fromEntries(
      Object.keys(chosen).map((name) => [name, { columns: { value: { hashed: true } } }]),
    );
    const large = schemaApi({ public: tables });
    large.api.capture(true);
    const spec = specOf('ALLOW_COLUMNS', { public: columns });
    large.api.faults.set(100, 'refused');
    const failed = await run(spec, large);
    expect(failed.error).toContain('403');
    expect(failed.requests.length).toBeLessThan(110);
    large.api.faults.clear();
    const { requests } = await run(spec, large);
    expect(requests).toHaveLength(1 + 2500 + 2);
  });
});
