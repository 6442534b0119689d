import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../harness/cleanup.ts';
import { manifestOfSize } from '../harness/manifests.ts';
import { groupOf, openSandbox } from '../harness/sandboxes.ts';
import { workspaceWith } from '../harness/step.ts';

const start = fileURLToPath(new URL('start.mjs', import.meta.url));

/** What `npm start` prints. */
async function printed(args: string[] = [], env = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [start, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  return stdout;
}

test('a live step reads files in the folder of its caller', async () => {
  const { url, apiKey, apiSecret, state } = await openSandbox();
  const inputs = ['-i', 'manifest=manifest.yml', '-i', `api_url=${url}`];
  const text = await printed(['--live', ...inputs], {
    INIT_CWD: workspaceWith(manifestOfSize(2)),
    FIVETRAN_APIKEY: apiKey,
    FIVETRAN_APISECRET: apiSecret,
  });
  expect(text).toContain('Exit code 0');
  expect([...state.connections.values()].map(({ schema }) => schema)).toEqual([
    'source_1',
    'source_2',
  ]);
});

test('a live export writes its file into the folder of its caller', async () => {
  const { url, apiKey, apiSecret } = await openSandbox({ connections: groupOf({ crm: {} }) });
  const inputs = ['export_to=fivetran.yml', 'group_id=decent_dropsy', `api_url=${url}`];
  const folder = temporaryFolder();
  const args = ['--live', ...inputs.flatMap((input) => ['-i', input])];
  const text = await printed(args, {
    INIT_CWD: folder,
    FIVETRAN_APIKEY: apiKey,
    FIVETRAN_APISECRET: apiSecret,
  });
  expect(text).toContain('Exit code 0');
  expect(readFileSync(join(folder, 'fivetran.yml'), 'utf8')).toContain('  crm:');
});

test('a newcomer sees a run on a screen or two, and no secret', async () => {
  const text = await printed();
  expect(text.split('\n').length).toBeLessThan(70);
  expect(text).toContain('Exit code 0');
  expect(text).toMatch(/^connect_card_uri +\*\*\*$/m);
  expect(text).toMatch(/… and \d+ more inputs; --verbose shows them\./);
});

test('--verbose shows every input and output in full', async () => {
  const text = await printed(['--verbose']);
  for (const line of [/^ {4}data_delay_threshold: 0$/m, /^ {2}"sync_frequency": 1440,$/m]) {
    expect(text).toMatch(line);
  }
  expect(text).toMatch(/^connect_card_uri +\*\*\*$/m);
});
