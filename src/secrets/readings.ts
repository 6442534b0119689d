import { base64Wraps, fromBase64 } from './base64.ts';
import { escapes, type Reading, resolve } from './unescape.ts';

/** An escape that the end of a text may have cut off: `\u00`, `&am`, `%c3`. */
const cutEscape =
  /(?:\\(?:u[\da-f]{0,3})?|&#?\w{0,15}|(?:%[89a-f][\da-f]){1,3}%?[\da-f]?|%[\da-f]?)$/i;
const longestCut = 20;

/**
 * A text, and the readings of it in which escapes are resolved: JSON, HTML, URL and form encoding,
 * up to two of them one within the other, and what each of these holds in Base64, wrapped or not.
 *
 * @param shortest how long the texts are at least that are looked for
 * @param end what to do about an escape that the text ends within
 */
export function* readingsOf(
  text: string,
  shortest: number,
  end: 'as-is' | 'drop-cut-escape' = 'as-is',
): Generator<Reading> {
  const ended = (reading: Reading): Reading =>
    end === 'as-is' ? reading : { ...reading, text: withoutCutEscape(reading.text) };
  const inner = (readings: Reading[]): Reading[] =>
    distinct(readings.flatMap((from) => escapes.flatMap((kind) => resolve(from, kind)))).map(ended);
  const original = ended({ text, startOf: (at) => at, endOf: (at) => at });
  const once = /[\\&%+]/.test(text) ? inner([original]) : [];
  const texts = once.length > 0 ? distinct([original, ...once, ...inner(once)]) : [original];
  const wrapped = texts.filter((reading) => reading.text.includes('\n'));
  for (const reading of [...texts, ...wrapped.flatMap((from) => resolve(from, base64Wraps))]) {
    yield reading;
    yield* fromBase64(reading, shortest);
  }
}

function withoutCutEscape(text: string): string {
  const end = text.slice(-longestCut);
  return text.slice(0, text.length - end.length) + end.replace(cutEscape, '');
}

/**
 * The readings whose text no other one has: escapes within each other can be resolved in any
 * order.
 */
function distinct(readings: Reading[]): Reading[] {
  const byText = new Map<string, Reading>();
  for (const reading of readings) {
    if (!byText.has(reading.text)) byText.set(reading.text, reading);
  }
  return [...byText.values()];
}
