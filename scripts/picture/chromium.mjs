import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {(method: string, params?: object, sessionId?: string) => Promise<any>} Send */

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

/**
 * Takes a picture of a page, as high as its content, at two pixels per CSS pixel.
 * @param {string} html
 * @param {number} width in CSS pixels
 * @returns {Promise<Buffer>} a PNG
 * @throws {Error} with the code ENOENT when Chromium is not installed
 */
export const takePicture = (html, width) =>
  withPage(async (send) => {
    const { frameTree } = await send('Page.getFrameTree');
    await send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
    const metrics = { width, height: 1, deviceScaleFactor: 2, mobile: false };
    await send('Emulation.setDeviceMetricsOverride', metrics);
    const { cssContentSize } = await send('Page.getLayoutMetrics');
    const { data } = await send('Page.captureScreenshot', {
      clip: { x: 0, y: 0, width, height: cssContentSize.height, scale: 1 },
      captureBeyondViewport: true,
    });
    return Buffer.from(data, 'base64');
  });

/**
 * Opens an empty page in a new Chromium, which it closes after the work.
 * @template T
 * @param {(send: Send) => Promise<T>} work `send` sends a command to the page
 */
async function withPage(work) {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  try {
    const chromium = spawn(
      process.env.CHROMIUM ?? 'chromium',
      [...FLAGS, `--user-data-dir=${profile}`],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    await once(chromium, 'spawn');
    const exited = once(chromium, 'exit');
    const send = connect(chromium);
    try {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      return await work((method, params) => send(method, params, sessionId));
    } finally {
      await send('Browser.close').catch(() => chromium.kill());
      await exited;
    }
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/**
 * Speaks the DevTools protocol through file descriptors 3 and 4.
 * @param {import('node:child_process').ChildProcess} chromium
 * @returns {Send} for one command at a time
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
function connect({ stdio }) {
  const [, , , commands, answers] = /** @type {any[]} */ (stdio);
  const messages = messagesIn(answers);
  let id = 0;
  return async (method, params = {}, sessionId = undefined) => {
    id += 1;
    commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    for (;;) {
      const { value, done } = await messages.next();
      if (done) throw new Error(`Chromium ended before it answered ${method}`);
      if (value.error) throw new Error(`${method}: ${value.error.message}`);
      if (value.id === id) return value.result;
    }
  };
}

/**
 * The JSON messages of a stream, each of which ends with a null byte.
 * @param {import('node:stream').Readable} stream
 * @returns {AsyncGenerator<any, undefined>}
 */
async function* messagesIn(stream) {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop() ?? '';
    yield* texts.map((text) => JSON.parse(text));
  }
}
