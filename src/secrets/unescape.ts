import { characterNamed } from './entities.ts';

/** A text without its escapes, and where its parts stood in the text as it came. */
export type Reading = {
  text: string;
  /** Where a part that begins at `at` began. */
  startOf: (at: number) => number;
  /** Where a part that ends before `at` ended. */
  endOf: (at: number) => number;
};

/** How something is written, and what it means. */
export type Escape = { pattern: RegExp; meaning: (match: RegExpExecArray) => string };

const controls: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** JSON, whatever the serializer chose to escape: `\u003d`, `\u00E4`, `\/`. */
const json: Escape = {
  pattern: /\\(?:u([\da-f]{4})|(["'\\/bfnrt]))/gi,
  meaning: ([, hex, char = '']) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (controls[char] ?? char),
};

const html: Escape = {
  pattern: /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z][a-z\d]{1,15}));/gi,
  meaning: ([whole, hex, decimal, name]) => {
    if (name) return characterNamed(name) ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  },
};

/** One character in UTF-8, percent-encoded. */
const percent =
  '%[0-7][\\da-f]|%[cd][\\da-f]%[89ab][\\da-f]|%e[\\da-f](?:%[89ab][\\da-f]){2}|%f[0-4](?:%[89ab][\\da-f]){3}';

const url: Escape = {
  pattern: new RegExp(percent, 'gi'),
  meaning: ([whole]) => {
    try {
      return decodeURIComponent(whole);
    } catch {
      return whole;
    }
  },
};

/** As HTML forms send it, with `+` for a space. */
const form: Escape = {
  pattern: new RegExp(`\\+|${percent}`, 'gi'),
  meaning: (match) => (match[0] === '+' ? ' ' : url.meaning(match)),
};

/** What a server may escape a text with. */
export const escapes: readonly Escape[] = [json, html, url, form];

/** The reading in which one kind of escapes is resolved; none when there are none. */
export function resolve(from: Reading, { pattern, meaning }: Escape): Reading[] {
  /** Where each escape's meaning begins and ends here, and where the escape ends in `from`. */
  const starts: number[] = [];
  const ends: number[] = [];
  const originals: number[] = [];
  let text = '';
  let end = 0;
  for (const match of from.text.matchAll(pattern)) {
    text += from.text.slice(end, match.index);
    starts.push(text.length);
    text += meaning(match);
    end = match.index + match[0].length;
    ends.push(text.length);
    originals.push(end);
  }
  if (ends.length === 0) return [];
  const placeIn = (at: number, escapes: number): number =>
    Math.max(0, at - (ends[escapes - 1] ?? 0)) + (originals[escapes - 1] ?? 0);
  return [
    {
      text: text + from.text.slice(end),
      startOf: (at) => from.startOf(placeIn(at, countUpTo(ends, at))),
      // A line break that was left out before `at` does not belong to what ends there.
      endOf: (at) => from.endOf(placeIn(at, countUpTo(starts, at - 1))),
    },
  ];
}

/** How many numbers of a sorted list are at most `limit`. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? limit) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
