import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lazyRequires } from '../../scripts/lazy-requires.mjs';

describe('lazyRequires', () => {
  test('loads a built-in module where it is used', () => {
    const code = [
      'const external_os_namespaceObject = require("os");',
      'const end = () => external_os_namespaceObject.EOL;',
    ].join('\n');

    expect(lazyRequires(code)).toBe('\nconst end = () => require("os").EOL;');
  });

  test('loads a built-in module by its webpack id and its namespace', () => {
    const code = [
      'var external_http_ = __nccwpck_require__(8611);',
      'var external_http_namespaceObject = /*#__PURE__*/__nccwpck_require__.t(external_http_, 2);',
      'const agent = () => external_http_.globalAgent;',
      'const module = () => external_http_namespaceObject;',
    ].join('\n');

    expect(lazyRequires(code).trim()).toBe(
      [
        'const agent = () => __nccwpck_require__(8611).globalAgent;',
        'const module = () => __nccwpck_require__(8611);',
      ].join('\n'),
    );
  });

  test('loads a built-in module in a module of its own and by its default export', () => {
    const code = [
      '/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(857);',
      '/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_os__WEBPACK_IMPORTED_MODULE_0__);',
      'const end = () => node_os__WEBPACK_IMPORTED_MODULE_0__.EOL;',
      'const all = () => node_os__WEBPACK_IMPORTED_MODULE_0___default();',
    ].join('\n');

    expect(lazyRequires(code).trim()).toBe(
      [
        'const end = () => __nccwpck_require__(857).EOL;',
        'const all = () => __nccwpck_require__.n(__nccwpck_require__(857))();',
      ].join('\n'),
    );
  });

  test('rejects a name that stands for two modules', () => {
    const code = [
      'var fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1);',
      'var fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2);',
    ].join('\n');

    expect(() => lazyRequires(code)).toThrow('has two meanings');
  });

  test('wraps functions that are taken out of a built-in module', () => {
    const code = [
      'const external_fs_namespaceObject = require("fs");',
      'const { access, open: openFile } = external_fs_namespaceObject.promises;',
    ].join('\n');

    expect(lazyRequires(code).trim()).toBe(
      [
        'const access = (...args) => require("fs").promises.access(...args);',
        'const openFile = (...args) => require("fs").promises.open(...args);',
      ].join('\n'),
    );
  });

  test('loads the tunnel when a request goes through a proxy', () => {
    const code = [
      'var tunnel = __nccwpck_require__(776);',
      "const agent = () => tunnel.httpsOverHttp({ name: 'tunnel' });",
    ].join('\n');

    expect(lazyRequires(code).trim()).toBe(
      "const agent = () => __nccwpck_require__(776).httpsOverHttp({ name: 'tunnel' });",
    );
  });

  test('leaves other imports alone', () => {
    const code = 'var dist = __nccwpck_require__(18);\ndist.parse("external");\n';

    expect(lazyRequires(code)).toBe(code);
  });
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
