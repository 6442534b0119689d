// Makes the archive that a runner downloads, checks its size, and runs the action from it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runAction } from '../test/runner/runner.mjs';
import { startSandbox } from '../test/sandbox/sandbox.mjs';
import { unpackArchive } from './unpack-archive.mjs';

const limits = { kilobytes: 165, files: 25 };

const folder = mkdtempSync(join(tmpdir(), 'fivetran-archive-'));
try {
  // The bundle must not depend on what lies around the checkout.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const action = join(folder, 'action');
  mkdirSync(action);
  const { bytes, files } = unpackArchive(action);
  console.log(files.join('\n'));
  console.log(`${files.length} files, ${(bytes / 1000).toFixed(0)} kB compressed`);
  assert.ok(bytes <= limits.kilobytes * 1000, `The archive exceeds ${limits.kilobytes} kB.`);
  assert.ok(files.length <= limits.files, `The archive has more than ${limits.files} files.`);
  await createConnections(action);
  console.log('The action runs from the archive.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Creates one connection with a JSON config and one with a YAML config, which loads a second chunk.
 *
 * @param {string} action folder
 */
async function createConnections(action) {
  const { url, apiKey, apiSecret, close } = await startSandbox({ services: 'any' });
  try {
    for (const config of ['{"schema":"json"}', 'schema: yaml']) {
      const { exitCode, log, outputs } = await runAction({
        dist: join(action, 'dist/index.js'),
        actionFile: pathToFileURL(join(action, 'action.yml')),
        inputs: {
          api_url: url,
          api_key: apiKey,
          api_secret: apiSecret,
          group_id: 'decent_dropsy',
          service: '15five',
          config,
        },
      });
      assert.equal(exitCode, 0, log);
      assert.ok(outputs.connection_id, log);
    }
  } finally {
    await close();
  }
}
