import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @typedef {{ line: number, character: number }} Position from 0 */
/** @typedef {{ label: string, documentation?: unknown, insertText: string, textEdit?: { newText: string } }} Suggestion */
/** @typedef {{ message: string, severity: number, range: { start: Position, end: Position } }} Diagnostic */

const SERVER = fileURLToPath(import.meta.resolve('yaml-language-server/bin/yaml-language-server'));

const CAPABILITIES = {
  textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } } },
};

/**
 * Starts yaml-language-server as an editor does, with one schema for all files.
 *
 * @param {string} schema its URL
 */
export async function startLanguageServer(schema) {
  const server = spawn(process.execPath, [SERVER, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = connect(server);
  const settings = {
    schemas: { [schema]: ['*.yml'] },
    schemaStore: { enable: false },
    validate: true,
    completion: true,
    hover: true,
  };
  connection.answers.set('workspace/configuration', ({ items }) =>
    items.map((/** @type {{ section: string }} */ { section }) =>
      section === 'yaml' ? settings : {},
    ),
  );
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: CAPABILITIES,
  });
  connection.notify('initialized', {});
  connection.notify('workspace/didChangeConfiguration', { settings: { yaml: settings } });
  let count = 0;

  /** @param {string} text @returns the URI of a new file */
  function open(text) {
    count += 1;
    const uri = pathToFileURL(`/file-${count}.yml`).href;
    connection.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    return uri;
  }

  /** @param {string} method @param {string} text @param {Position} position */
  const ask = (method, text, position) =>
    connection.request(method, { textDocument: { uri: open(text) }, position });

  /** @param {string} text */
  const diagnose = (text) => connection.diagnosticsOf(open(text));

  // Files that are opened before the settings have arrived are checked without the schema.
  while ((await diagnose('not a manifest')).length === 0);
  return {
    diagnose,
    /** @param {string} text @param {Position} position @returns {Promise<Suggestion[]>} */
    async complete(text, position) {
      const { items } = await ask('textDocument/completion', text, position);
      return items;
    },
    /** @param {string} text @param {Position} position @returns {Promise<string>} as Markdown */
    async hover(text, position) {
      const hover = await ask('textDocument/hover', text, position);
      return hover?.contents.value ?? '';
    },
    /** @returns {Promise<void>} */
    async stop() {
      const exited = once(server, 'exit');
      server.kill();
      await exited;
    },
  };
}

/**
 * Speaks the language server protocol over the standard streams of a process.
 *
 * @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} server
 * @see https://microsoft.github.io/language-server-protocol/
 */
function connect({ stdin, stdout }) {
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  /** @type {Map<string, (diagnostics: Diagnostic[]) => void>} */
  const watched = new Map();
  /** @type {Map<string, (params: any) => unknown>} */
  const answers = new Map();
  let lastId = 0;
  let rest = Buffer.alloc(0);

  /** @param {object} message */
  function send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  /** @param {any} message */
  function receive({ id, method, params, result, error }) {
    if (method === 'textDocument/publishDiagnostics') watched.get(params.uri)?.(params.diagnostics);
    else if (method !== undefined && id !== undefined) {
      send({ id, result: answers.get(method)?.(params) ?? null });
    } else if (method === undefined) waiting.get(id)?.(error ? Promise.reject(error) : result);
  }

  stdout.on('data', (/** @type {Buffer} */ chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(rest.toString('latin1'));
      if (!header) return;
      const start = header[0].length;
      const end = start + Number(header[1]);
      if (rest.length < end) return;
      receive(JSON.parse(rest.toString('utf8', start, end)));
      rest = rest.subarray(end);
    }
  });

  return {
    answers,
    /** @param {string} method @param {object} params */
    notify: (method, params) => send({ method, params }),
    /** @param {string} method @param {object} params @returns {Promise<any>} */
    request(method, params) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ id, method, params });
      });
    },
    /** @param {string} uri @returns {Promise<Diagnostic[]>} */
    diagnosticsOf: (uri) => new Promise((resolve) => watched.set(uri, resolve)),
  };
}
