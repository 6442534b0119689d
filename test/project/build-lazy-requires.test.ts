import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lazyRequires } from '../../scripts/lazy-requires.mjs';

test('a name that stands for two modules is not loaded lazily', () => {
  const code = [
    'var fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1);',
    'var fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2);',
  ].join('\n');
  expect(() => lazyRequires(code)).toThrow('has two meanings');
});

describe('the bundle', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loading-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Returns the built-in modules that are loaded when the first request connects. */
  function loadedAtFirstRequest(): string[] {
    const hook = join(folder, 'hook.cjs');
    const list = join(folder, 'loaded');
    writeFileSync(hook, `(${recordAtConnect})(${JSON.stringify(list)})`);
    const dist = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
    spawnSync(process.execPath, ['--require', hook, dist], {
      env: {
        INPUT_API_URL: 'http://127.0.0.1:9',
        INPUT_API_KEY: 'a-key-of-some-length',
        INPUT_API_SECRET: 'a-secret-of-some-length',
        INPUT_GROUP_ID: 'decent_dropsy',
        INPUT_SERVICE: '15five',
        INPUT_CONFIG: '{"schema":"crm"}',
      },
    });
    return readFileSync(list, 'utf8').split('\n');
  }

  test('loads no built-in module that the first request does not need', () => {
    const loaded = loadedAtFirstRequest();

    expect(loaded).toContain('NativeModule http');
    const needless = ['assert', 'child_process', 'crypto', 'fs/promises', 'https', 'tls', 'v8'];
    expect(loaded.filter((name) => needless.includes(name.replace('NativeModule ', '')))).toEqual(
      [],
    );
    expect(loaded).not.toContain('NativeModule internal/fs/promises');
  });
});

/** Runs in the bundle's process. */
function recordAtConnect(list: string): void {
  const { Socket } = require('node:net');
  const { writeFileSync } = require('node:fs');
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  Socket.prototype.connect = () => {
    writeFileSync(list, moduleLoadList.join('\n'));
    process.exit();
  };
}
