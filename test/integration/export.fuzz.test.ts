import fc from 'fast-check';
import { anyCharacter } from '../harness/any-character.ts';
import { exportGroup, valuesFor } from '../harness/exports.ts';
import { resultsOf } from '../harness/manifests.ts';
import { failureOf } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';
import { groupOf, openSandbox } from '../harness/sandboxes.ts';
import type { Property } from '../sandbox/metadata/properties.mjs';
import { configPropertiesOf, services } from '../sandbox/metadata.mjs';
import type { Sandbox, Seed } from '../sandbox/sandbox.mjs';
import { tableOf } from '../sandbox/source-trees.mjs';

/** Texts that YAML, references, or a reader of the file could take for something else. */
const hostile = [
  ...['14:00', '3.10', 'no', 'Yes', '~', 'null', 'true', '0x1F', '1e3', '007', '-', '#x', '? a'],
  ...['a: b', 'a #b', '- x', '&a', '*a', '!tag', '%x', '@x', '`x`', '"', "'", '<<', '---', '...'],
  ...['${', '${HOME}', '$${x}', '${{ secrets.X }}', '$', 'a\nb\n', '  a', 'a ', '\t', '\u0007'],
  ...['\u0085', '\u2028', '\ufeff', '\ud800', '🙂', '_'.repeat(200), '=', '2001-01-01', '1_000'],
];
const aText = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: anyCharacter, maxLength: 8 }),
  fc.string({ maxLength: 20 }),
);

/** A value of a connector's field; masks are what Fivetran answers, never what it stores. */
function aValue({ type, items, properties, enum: values }: Property): fc.Arbitrary<unknown> {
  if (values) return fc.constantFrom(...values);
  if (type === 'integer') return fc.integer();
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') return fc.array(items ? aValue(items) : aText, { maxLength: 3 });
  if (type !== 'object') return aText.filter((text) => !/^\*{3,}$/.test(text));
  const fields = Object.entries(properties ?? {}).map(([name, inner]) => [name, aValue(inner)]);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

const naming = ['schema', 'schema_prefix', 'table', 'table_group_name'];
const isWritable = ([name, { readonly }]: [string, Property]): boolean =>
  !readonly && !naming.includes(name);

/** What a connector without metadata may have in its `config`. */
const anyConfig = fc.dictionary(
  fc.constantFrom('host', 'api_key', 'accounts', 'is_private', '__proto__', 'constructor', '3.10'),
  fc.oneof(
    aText.filter((text) => !/^\*{3,}$/.test(text)),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.array(fc.oneof(aText, fc.integer()), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('name', 'token', 'no', 'a.b'), aText, { maxKeys: 3 }),
  ),
  { maxKeys: 5 },
);

/** 25 services: those with metadata, and some that only the API knows. */
const others = Array.from({ length: 25 - services.length }, (_, at) => `service_${at}`);
const configFor = (service: string): fc.Arbitrary<Record<string, unknown>> => {
  const properties = configPropertiesOf(service);
  if (!properties) return anyConfig;
  const fields = Object.entries(properties).filter(isWritable);
  const values = fields.map(([name, property]) => [name, aValue(property)]);
  return fc.record(Object.fromEntries(values), { requiredKeys: [] });
};

const settings = fc.record(
  {
    paused: fc.boolean(),
    pause_after_trial: fc.boolean(),
    sync_frequency: fc.constantFrom(5, 360, 1440),
    daily_sync_time: fc.constantFrom('00:00', '14:00'),
    schedule_type: fc.constantFrom('auto', 'manual'),
    schedule: fc.constant({ schedule_type: 'CRON', cron: ['0 5 * * 1'] }),
    data_delay_sensitivity: fc.constantFrom('NORMAL', 'CUSTOM', 'LOW'),
    data_delay_threshold: fc.constantFrom(0, 15),
    networking_method: fc.constantFrom('Directly', 'PrivateLink', 'Unknown', 'UnmanagedProxyAgent'),
    private_link_id: fc.constantFrom('link_one', '3.10'),
    external_secrets_keys_config: fc.dictionary(fc.constantFrom('password', 'user'), fc.string()),
    destination_schema_names: fc.constantFrom('FIVETRAN_NAMING', 'SOURCE_NAMING'),
    destination_configuration: fc.record({ virtual_warehouse: aText }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

const named = (service: string, name: string): Record<string, string> => {
  const properties = configPropertiesOf(service) ?? {};
  if (properties.schema_prefix) return { schema_prefix: name };
  if (properties.table_group_name) return { schema: name, table_group_name: 'daily' };
  return properties.table ? { schema: name, table: 'main' } : { schema: name };
};

const aConnection = (service: string, at: number): fc.Arbitrary<Seed> =>
  fc.record({ config: configFor(service), settings }).map(({ config, settings }) => ({
    service,
    ...settings,
    config: { ...config, ...named(service, `${service}_${at}`) },
  }));

const aGroup: fc.Arbitrary<Record<string, Seed>> = fc
  .tuple(...[...services, ...others].map(aConnection))
  .map((seeds) => Object.fromEntries(seeds.map((seed, at) => [`id_${at}`, seed])));

const answers = fc.record({
  namingFields: fc.constantFrom('some', 'all', 'none'),
  asterisks: fc.constantFrom(6, 8),
  emptyValues: fc.constantFrom('left out', 'answered'),
  numbers: fc.constantFrom('sent', 'text'),
  listOrder: fc.constantFrom('sent', 'reversed'),
  schedule: fc.constantFrom('answered', 'hidden'),
  listItems: fc.constantFrom('with config', 'without config'),
} as const);

/** Checks that a file changes nothing, and gives the same group when it is used for another one. */
async function expectRoundTrip(sandbox: Sandbox, run: 'dry run' | 'real run'): Promise<void> {
  const first = await exportGroup(sandbox);
  expect(failureOf(first)).toBe('');
  expect(first.text).not.toMatch(/\*{3,}/);
  const env = valuesFor(first.text);
  const names = Object.keys(first.file.connections);
  const inputs = { if_exists: 'update', update_secrets: 'false', dry_run: `${run === 'dry run'}` };
  const same = await runStep({ manifest: first.text, inputs, env }, { sandbox });
  expect(failureOf(same)).toBe('');
  expect(same.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  if (run === 'dry run') {
    expect(same.summary).toContain(`would reuse ${names.length} Fivetran connections`);
  } else {
    expect(resultsOf(same)).toEqual(Object.fromEntries(names.map((name) => [name, 'reused'])));
  }

  const elsewhere = first.text.replaceAll('decent_dropsy', 'quaint_harbor');
  const created = await runStep({ manifest: elsewhere, env }, { sandbox });
  expect(failureOf(created)).toBe('');
  expect(resultsOf(created)).toEqual(Object.fromEntries(names.map((name) => [name, 'created'])));
  const second = await exportGroup(sandbox, { group_id: 'quaint_harbor' });
  expect(second.text).toBe(elsewhere);
}

test('25 services with any configuration survive a round trip', async () => {
  await fc.assert(
    fc.asyncProperty(aGroup, answers, async (group, options) => {
      const sandbox = await openSandbox({
        ...options,
        services: 'any',
        connections: groupOf(group),
      });
      // A dry run refuses a service that the API has no metadata of.
      await expectRoundTrip(sandbox, 'real run');
      await sandbox.close();
    }),
    // A failing group is small enough to read, and slow to shrink.
    { numRuns: 1, endOnFailure: true },
  );
});

const source = {
  public: {
    users: tableOf('email notes phone'),
    'a.b': tableOf('${x} no'),
    '3.10': tableOf('line', { supports_columns_config: false }),
    keys: { columns: { id: { primaryKey: true as const } } },
  },
  '${HOME}': { events: tableOf('what'), __proto__x: tableOf('14:00') },
};

const aSelection = fc.record({
  schema_change_handling: fc.constantFrom('ALLOW_ALL', 'ALLOW_COLUMNS', 'BLOCK_ALL'),
  schemas: fc.record(
    Object.fromEntries(
      Object.entries(source).map(([schema, tables]) => [
        schema,
        fc.record({
          enabled: fc.oneof(fc.constant(true), fc.boolean()),
          tables: fc.record(
            Object.fromEntries(
              Object.entries(tables).map(([name, table]) => [name, aTable(table)]),
            ),
            { requiredKeys: [] },
          ),
        }),
      ]),
    ),
    { requiredKeys: [] },
  ),
});

function aTable({ columns, ...table }: ReturnType<typeof tableOf>) {
  const others = Object.entries(columns).filter(([, { primaryKey }]) => !primaryKey);
  const column = fc.record({ enabled: fc.boolean(), hashed: fc.boolean() });
  const isSelectable = table.supports_columns_config !== false;
  return fc.record({
    enabled: fc.oneof(fc.constant(true), fc.boolean()),
    sync_mode: fc.constantFrom('SOFT_DELETE', 'HISTORY'),
    columns: isSelectable
      ? fc.record(Object.fromEntries(others.map(([name]) => [name, column])), { requiredKeys: [] })
      : fc.constant({}),
  });
}

test('24 selections survive a round trip', async () => {
  const seeds = fc.sample(aSelection, 24);
  const connections = seeds.map(
    (selection, at) =>
      [
        `shop_${at}`,
        { service: 'postgres', config: { schema_prefix: `shop_${at}` }, selection },
      ] as [string, Seed],
  );
  const sandbox = await openSandbox({ sourceTree: { postgres: source } });
  const syncing = connections.filter(([id, seed]) => {
    const { id: known } = sandbox.seed({ ...seed, id, group_id: 'decent_dropsy' });
    const syncs = Object.keys(sandbox.selection(String(known))).length > 0;
    if (!syncs) sandbox.state.connections.delete(id);
    return syncs;
  });
  expect(syncing.length).toBeGreaterThan(8);
  await expectRoundTrip(sandbox, 'dry run');
  const byName = new Map(
    [...sandbox.state.connections.values()].map((one) => [`${one.group_id} ${one.schema}`, one.id]),
  );
  for (const [id] of syncing) {
    const copy = byName.get(`quaint_harbor ${id}`) ?? '';
    expect(sandbox.selection(copy)).toEqual(sandbox.selection(id));
  }
});
