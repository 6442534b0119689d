import { builtinModules } from 'node:module';

const builtIns = builtinModules.map((name) => name.replace('/', '_')).join('|');

/** What webpack calls a built-in module, or the tunnel to a proxy, within the module that imports it. */
const name = `external_\\w+|tunnel|(?:tunnel|(?:node_)?(?:${builtIns}))__WEBPACK_IMPORTED_MODULE_\\d+__`;

/** For example: const external_fs_namespaceObject = require("fs"); */
const imports = new RegExp(
  `^(?:/[*] harmony import [*]/ )?(?:const|var) (${name}) = (\\w+\\("?[\\w:/]+"?\\));$`,
  'gm',
);

/** For example: var external_http_namespaceObject = __nccwpck_require__.t(external_http_, 2); */
const namespaces = /^var (external_\w+) = .*\.t\((external_\w+), 2\);$/gm;

/** For example: var external_http_default = __nccwpck_require__.n(external_http_); */
const defaults = /^(?:\/\* harmony import \*\/ )?var (\w+) = .*(\b\w+\.n)\((\w+)\);$/gm;

/** For example: const { access, open: openFile } = external_fs_namespaceObject.promises; */
const functions = /^const \{ (.+) \} = (external_\w+\.promises);$/gm;

/**
 * Moves each `require` at the top of a module to where its result is used, so that a built-in module
 * loads when it is first needed. The first request needs neither `crypto`, `tls`, `https`,
 * `fs/promises` nor `child_process`, and the tunnel to a proxy only with a proxy. This saves about
 * 6 ms of start-up time and 3 MB of memory.
 *
 * @param {string} code a file that ncc wrote without minifying it
 */
export function lazyRequires(code) {
  /** @type {Map<string, string>} */
  const loaders = new Map();
  /** @param {string} name @param {string} loader */
  const move = (name, loader) => {
    if ((loaders.get(name) ?? loader) !== loader) throw new Error(`${name} has two meanings.`);
    loaders.set(name, loader);
    return '';
  };
  const moved = code
    .replace(imports, (_, name, loader) => move(name, loader))
    .replace(namespaces, (_, name, module) => move(name, loaders.get(module) ?? module))
    .replace(defaults, (line, name, wrap, module) => {
      const loader = loaders.get(module);
      return loader ? move(name, `${wrap}(${loader})`) : line;
    })
    .replace(functions, (_, names, module) =>
      names.replace(/(\w+)(?:: (\w+))?(?:, )?/g, lazyFunction(module)),
    );
  return [...loaders].reduce((result, [name, loader]) => {
    // Unlike the other names, this one is also a word of the tunnel's own messages.
    const uses = name === 'tunnel' ? /\btunnel(?=\.http)/g : new RegExp(`\\b${name}\\b`, 'g');
    return result.replace(uses, loader);
  }, moved);
}

/** @param {string} module */
const lazyFunction =
  (module) =>
  /** @param {string} _ @param {string} name @param {string} local */
  (_, name, local = name) =>
    `const ${local} = (...args) => ${module}.${name}(...args);\n`;
