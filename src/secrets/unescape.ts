import { countUpTo } from './sorted.ts';

/** A text without its escapes, and where each of its characters stood in the text as it came. */
export type Reading = { text: string; originOf: (at: number) => number };

type Escape = { pattern: RegExp; meaning: (match: RegExpExecArray) => string };

const controls: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** JSON, whatever the serializer chose to escape: `\u003d`, `\u00E4`, `\/`. */
const json: Escape = {
  pattern: /\\(?:u([\da-f]{4})|(["'\\/bfnrt]))/gi,
  meaning: ([, hex, char = '']) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (controls[char] ?? char),
};

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const html: Escape = {
  pattern: /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
  meaning: ([whole, hex, decimal, name]) => {
    if (name) return entities[name.toLowerCase()] ?? whole;
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

/**
 * The readings of a text in which escapes are resolved: JSON, JSON within JSON, HTML, and URL and
 * form encoding, the last three also within JSON. None for a text without escapes.
 */
export function readingsOf(text: string): Reading[] {
  if (!/[\\&%+]/.test(text)) return [];
  const original: Reading = { text, originOf: (at) => at };
  const fromJson = resolve(original, json);
  const twice = fromJson && resolve(fromJson, json);
  const bases = fromJson ? [original, fromJson] : [original];
  const others = bases.flatMap((base) => [html, url, form].map((kind) => resolve(base, kind)));
  return [fromJson, twice, ...others].filter((reading) => reading !== undefined);
}

/** Resolves one kind of escapes; undefined when there are none. */
function resolve(from: Reading, { pattern, meaning }: Escape): Reading | undefined {
  /** Where the text goes on after each escape: here, and in the text that it was read from. */
  const resumes: number[] = [];
  const originals: number[] = [];
  let text = '';
  let end = 0;
  for (const match of from.text.matchAll(pattern)) {
    text += from.text.slice(end, match.index) + meaning(match);
    end = match.index + match[0].length;
    resumes.push(text.length);
    originals.push(end);
  }
  if (resumes.length === 0) return undefined;
  const originOf = (at: number): number => {
    const before = countUpTo(resumes, at) - 1;
    return from.originOf(at - (resumes[before] ?? 0) + (originals[before] ?? 0));
  };
  return { text: text + from.text.slice(end), originOf };
}
