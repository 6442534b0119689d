import { completeSelection } from '../../../../src/connection/selection/complete.ts';
import { planSelection } from '../../../../src/connection/selection/plan.ts';
import { RefusedError } from '../../../../src/fivetran/http/errors.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';
import { contextOf, type SchemaApi, schemaApi, specOf } from './api.ts';
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
      names: {
        tables: [
          ['public', 'orders'],
          ['public', 'users'],
        ],
        locked: [['public', 'journal!']],
        hashed: [['public', 'users', 'email']],
        excluded: [['public', 'users', 'notes']],
      },
    });
    expect(state.selectionChanges).toBeUndefined();
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
    expect(state.selectionChanges).toEqual([
      { path: ['public', 'users', 'email'], field: 'hashed', from: false, to: true },
      { path: ['public', 'logs'], field: 'enabled', from: true, to: false },
    ]);
  });

  test('that has synced logs the historical sync of each enabled table', async () => {
    const first = await apply(wanted());
    const spec = specOf('ALLOW_COLUMNS', { public: { orders: {}, users: {}, logs: {} } }, 'update');
    const { lines } = await run(spec, first, synced);
    expect(lines).toContain(
      'Connection shop has already synced: enabling public.logs starts its historical sync.',
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

describe('a policy', () => {
  const refusing = (policy: string) => (api: SchemaApi) => {
    api.capture(true);
    Object.assign(api, { refusesPolicies: true, policy });
  };

  test('that the schema has already is left out of the patch', async () => {
    const { error, api } = await apply(wanted('update'), refusing('ALLOW_COLUMNS'));
    expect(error).toBeUndefined();
    expect(api.syncing()).toEqual(wantedSyncing);
  });

  test('that a patch is refused with is an error that names the one of the schema', async () => {
    const { api, fivetran } = schemaApi(shop);
    refusing('ALLOW_ALL')(api);
    const { context } = contextOf(fivetran, wanted());
    const connection = context.state.connection;
    if (!connection) throw new Error('There is no connection.');
    await expect(completeSelection(connection, wanted(), context)).rejects.toMatchObject({
      message: expect.stringMatching(/400 InvalidInput/),
      shortReason: '400 Bad Request',
      hint: expect.stringContaining('Its schema has ALLOW_ALL'),
    });
    expect(api.requests.filter((name) => name === 'PATCH')).toHaveLength(1);
  });
});

test('is_primary_key of a column is passed on where it is written', async () => {
  const spec = specOf(
    'ALLOW_ALL',
    { public: { users: { columns: { email: { is_primary_key: true }, notes: {} } } } },
    'update',
  );
  const first = await apply(spec, captured);
  expect(first.api.bodies).toEqual([
    {
      schemas: {
        public: {
          enabled: true,
          tables: {
            users: { enabled: true, columns: { email: { enabled: true, is_primary_key: true } } },
          },
        },
      },
    },
  ]);
  expect(first.lines).toContain('Set is_primary_key true for public.users.email.');
  expect((await run(spec, first)).requests).toEqual(['GET', 'COLUMNS public.users']);
});

describe('names that came through ${NAME}', () => {
  const hidden: PresentSpec = {
    ...wanted('update'),
    selection: {
      schema_change_handling: 'ALLOW_COLUMNS',
      schemas: {
        public: {
          enabled: true,
          tables: {
            logs: { enabled: true, sync_mode: undefined, columns: undefined },
            users: {
              enabled: true,
              sync_mode: undefined,
              columns: { email: { enabled: true, hashed: true } },
            },
          },
        },
      },
      written: new Map([
        ['["public","logs"]', '${TABLE}'],
        ['["public","users","email"]', '${COLUMN}'],
      ]),
    },
  };

  test('are shown as written in the log, the changes, and the names', async () => {
    const { lines, state, error } = await apply(hidden, (api) => api.capture(false), synced);
    expect(error).toBeUndefined();
    expect(lines).toContain('Enable public.${TABLE}.');
    expect(lines).toContain('Hash public.users.${COLUMN}.');
    expect(lines.join('\n')).toContain('enabling public.users, public.${TABLE}, and ');
    expect(state.selectionChanges?.map(({ path }) => path)).toContainEqual(['public', '${TABLE}']);
    expect(state.selection?.names).toMatchObject({
      tables: [
        ['public', 'users'],
        ['public', '${TABLE}'],
      ],
      hashed: [['public', 'users', '${COLUMN}']],
    });
    expect(lines.join('\n') + JSON.stringify(state)).not.toMatch(/logs|email/);
  });

  test('are shown as written in the differences of reuse and of a dry run', async () => {
    const reuse = await apply({ ...hidden, if_exists: 'reuse' }, captured);
    expect(reuse.state.notes.join()).toContain('Hash public.users.${COLUMN}.');
    const { context } = contextOf(reuse.fivetran, hidden);
    const plan = await planSelection(hidden, context.state.connection, context);
    expect(plan.changes.map(({ path }) => path)).toContainEqual(['public', 'users', '${COLUMN}']);
    expect(JSON.stringify([plan, reuse.state.notes])).not.toMatch(/logs|email/);
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

  test.each([400, 403])('is told by its code alone, not by another refusal: %i', async (status) => {
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
      { status: { schema_status: 'blocked_on_capture' } },
    );
    expect(requests).toEqual(['GET', 'RELOAD EXCLUDE']);
    expect(error).toContain(`answered ${status} InvalidState: No.`);
  });

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
      // A schema that has appeared is patched.
      expect(requests.filter((name) => name === 'POST' || name === 'PATCH')).toEqual(
        fault === 'lost answer' ? ['POST'] : ['POST', 'PATCH'],
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

  test.each([
    ['has synced', synced],
    ['has never synced', {}],
  ])('refuses tables missing from a schema that is there when it %s', async (_, connection) => {
    const first = await apply(wanted(), cannotReload);
    const spec = specOf('ALLOW_COLUMNS', { public: { ordres: {} } }, 'update');
    const { error, requests } = await run(spec, first, connection);
    expect(error).toContain(
      'schemas.public.tables.ordres: the source has no such table. Did you mean orders?',
    );
    expect(requests).toEqual(['GET', 'RELOAD PRESERVE']);
  });

  test('is sent no policy again when it accepts only its own, and keeps the wanted one', async () => {
    const { requests, api, error, state } = await apply(wanted('update'), (api) => {
      cannotReload(api);
      api.refusesPolicies = true;
      api.policy = 'ALLOW_COLUMNS';
    });
    expect(error).toBeUndefined();
    expect(requests).toEqual(['GET', 'RELOAD EXCLUDE', 'POST', 'POST']);
    const [first, second] = api.bodies;
    expect(first).toEqual({ ...second, schema_change_handling: 'ALLOW_COLUMNS' });
    expect(second).not.toHaveProperty('schema_change_handling');
    expect(state.notes).toEqual([expect.stringContaining('were not verified')]);
    expect(state.selectionChanges?.map(({ field }) => field)).not.toContain(
      'schema_change_handling',
    );
  });

  test('that accepts only another policy than the wanted one is an error', async () => {
    const { context, ...seen } = await failed('ALLOW_ALL');
    expect(seen.error).toMatchObject({
      message:
        'Fivetran refused schema_change_handling: ALLOW_COLUMNS for connection shop. It accepted the ' +
        'selection without it, with ALLOW_ALL.',
      hint:
        'The service may accept only its own schema_change_handling. Its schema has ALLOW_ALL; if that ' +
        'is the reason, set schema_change_handling: ALLOW_ALL.',
    });
    expect(context.state.isSelected).toBeUndefined();
  });

  test('that refuses the selection without a policy too is an error', async () => {
    const { error, requests } = await failed('ALLOW_COLUMNS', (api) =>
      api.faults.set(4, 'invalid'),
    );
    expect(requests.filter((name) => name === 'POST')).toHaveLength(2);
    expect(error).toMatchObject({ hint: expect.stringContaining('SAP services') });
  });

  /** A service that refuses policies and has one of its own. */
  async function failed(policy: string, prepare: (api: SchemaApi) => void = () => {}) {
    const { api, fivetran } = schemaApi(shop);
    Object.assign(api, { canReload: false, refusesPolicies: true, policy });
    prepare(api);
    const { context } = contextOf(fivetran, wanted());
    const connection = context.state.connection;
    if (!connection) throw new Error('There is no connection.');
    const error = await completeSelection(connection, wanted(), context).catch((error) => error);
    return { context, error, requests: api.requests };
  }

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
