import { runStep } from '../harness/run-step.ts';
import { readable } from '../project/markup.ts';
import { tableOf } from '../sandbox/source-trees.mjs';
import {
  open,
  paused,
  runAny,
  shop,
  source,
  tables,
  withLockedTable,
} from './table-selection-shop.ts';

test("a manifest's summary shows the selection and the notes of connections that passed", async () => {
  const sandbox = await open({ servicesWithoutReload: ['mysql'] });
  const { if_exists, service, config, schema_change_handling, schemas } = shop;
  const inputs = { group_id: 'decent_dropsy', if_exists };
  const entry = { service, config, schema_change_handling, schemas };
  const mysql = { ...entry, service: 'mysql', config: { ...config, schema_prefix: 'mysql' } };
  const manifest = { connections: { shop: entry, mysql } };
  const first = await runStep({ manifest, inputs }, { sandbox });
  expect(first.summary).toMatch(
    /connected<br>Syncs 2 of 4 tables: orders, users\. Hashed: users\.email\. Excluded: users\.notes\./,
  );
  expect(readable(first.summary)).toMatch(
    /created and connected\nThe schema of connection \w+ cannot be read/,
  );
  const drifted = {
    connections: { shop: { ...entry, if_exists: 'reuse', schemas: { audit: {} } } },
  };
  const again = await runStep({ manifest: drifted, inputs }, { sandbox });
  expect(again.exitCode).toBe(0);
  expect(readable(again.summary)).toMatch(
    /reused and connected\n[^|]* differs from schemas; if_exists: reuse/,
  );
  expect(again.summary).toContain('Enable audit.');
});

test('a summary names the tables that sync, and those that Fivetran always syncs', async () => {
  const sandbox = await open(withLockedTable('schema_migrations'));
  const step = await runAny(sandbox, { ...tables({ orders: {} }), ...paused });
  expect(readable(step.summary)).toContain(
    'Syncs 2 of 5 tables: orders; and schema_migrations, which Fivetran always syncs.',
  );
  expect(step.summary).not.toMatch(/column|Hashed|Excluded/);
});

test('a summary counts what is too much to name', async () => {
  const many = Array.from({ length: 30 }, (_, index) => [`t${index}`, tableOf('value')]);
  const sourceTree = { postgres: { public: Object.fromEntries(many), audit: source.audit } };
  const step = await runAny(await open({ sourceTree }), { schemas: { public: {} }, ...paused });
  expect(step.summary).toMatch(/Selection: .* 30 tables enabled, 1 disabled\./);
  expect(step.summary).not.toContain('column');
});
