import type { Escape, Reading } from './unescape.ts';

/** The line breaks that wrap Base64, and the indentation behind them. */
export const base64Wraps: Escape = {
  pattern: /(?<=[\w+/-])\r?\n[ \t]*(?=[\w+/-])/g,
  meaning: () => '',
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** What each character of Base64 stands for, by its code; -1 for all other characters. */
const sextets = Int8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return alphabet.indexOf({ '-': '+', _: '/' }[char] ?? char);
});
/** Stands where two characters are no Base64. */
const gap = 0xffff;

/**
 * What a text holds in Base64, a byte per character. Four readings, because Base64 can begin
 * anywhere: a byte is in two characters, and how its bits lie in them repeats with every four.
 *
 * @param shortest how many bytes are of interest at least
 */
export function* fromBase64(from: Reading, shortest: number): Generator<Reading> {
  if (!hasRun(from.text, Math.ceil((shortest * 4) / 3))) return;
  const values = new Int8Array(from.text.length);
  for (let at = 0; at < values.length; at++) values[at] = sextets[from.text.charCodeAt(at)] ?? -1;
  for (const first of [0, 1, 2, 3]) {
    const bytes = new Uint16Array(Math.ceil((values.length * 3) / 4));
    let size = 0;
    for (let at = first; at + 1 < values.length; at++) {
      const phase = (at - first) % 4;
      if (phase === 3) continue;
      const left = values[at] ?? -1;
      const right = values[at + 1] ?? -1;
      const byte = ((left << (2 + 2 * phase)) | (right >> (4 - 2 * phase))) & 0xff;
      bytes[size++] = left < 0 || right < 0 ? gap : byte;
    }
    /** The first of the two characters that a byte is in. */
    const charOf = (byte: number): number => first + 4 * Math.floor(byte / 3) + (byte % 3);
    yield {
      text: Buffer.from(bytes.buffer).toString('utf16le', 0, 2 * size),
      startOf: (at) => from.startOf(charOf(at)),
      endOf(at) {
        const end = charOf(at - 1) + 2;
        return from.endOf(end + (/^={1,2}/.exec(from.text.slice(end, end + 2))?.[0].length ?? 0));
      },
    };
  }
}

/** Whether a text has so many characters of Base64 in a row. */
function hasRun(text: string, length: number): boolean {
  for (let at = 0, run = 0; at < text.length; at++) {
    run = (sextets[text.charCodeAt(at)] ?? -1) < 0 ? 0 : run + 1;
    if (run === length) return true;
  }
  return false;
}
