import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../harness/cleanup.ts';
import { manifestOfSize } from '../harness/manifests.ts';
import { groupOf, openSandbox } from '../harness/sandboxes.ts';
import { workspaceWith } from '../harness/step.ts';

test('a live step reads files in the folder of its caller', async () => {
  const { url, apiKey, apiSecret, state } = await openSandbox();
  const start = fileURLToPath(new URL('start.mjs', import.meta.url));
  const inputs = ['-i', 'manifest=manifest.yml', '-i', `api_url=${url}`];
  const { stdout } = await promisify(execFile)(process.execPath, [start, '--live', ...inputs], {
    env: {
      PATH: process.env.PATH,
      INIT_CWD: workspaceWith(manifestOfSize(2)),
      FIVETRAN_APIKEY: apiKey,
      FIVETRAN_APISECRET: apiSecret,
    },
  });
  expect(stdout).toContain('Exit code 0');
  expect([...state.connections.values()].map(({ schema }) => schema)).toEqual([
    'source_1',
    'source_2',
  ]);
});

test('a live export writes its file into the folder of its caller', async () => {
  const { url, apiKey, apiSecret } = await openSandbox({ connections: groupOf({ crm: {} }) });
  const start = fileURLToPath(new URL('start.mjs', import.meta.url));
  const inputs = ['export_to=fivetran.yml', 'group_id=decent_dropsy', `api_url=${url}`];
  const folder = temporaryFolder();
  const args = ['--live', ...inputs.flatMap((input) => ['-i', input])];
  const { stdout } = await promisify(execFile)(process.execPath, [start, ...args], {
    env: {
      PATH: process.env.PATH,
      INIT_CWD: folder,
      FIVETRAN_APIKEY: apiKey,
      FIVETRAN_APISECRET: apiSecret,
    },
  });
  expect(stdout).toContain('Exit code 0');
  expect(readFileSync(join(folder, 'fivetran.yml'), 'utf8')).toContain('  crm:');
});
