/**
 * A text as one line, without control characters, invisible direction marks, and the older form of
 * workflow commands (`##[…]`).
 */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll('##[', '## [')
    .trim();

/** At most `length` characters of a text, and a mark when some are missing. */
export const truncate = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}… (truncated)`;

/** A text as one segment of a URL's path. */
export function encodeSegment(text: string): string {
  // URL parsers treat . and .. as steps within the path, even when encoded once.
  if (/^\.{1,2}$/.test(text)) return text.replaceAll('.', '%252E');
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** `1 setup test`, `2 setup tests`. */
export const pluralize = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a, b, or c`. */
export const alternatives = (values: readonly unknown[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(values.map(String));

/** The texts that are not empty, with a space between them. */
export const joined = (...texts: (string | false | undefined)[]): string =>
  texts.filter(Boolean).join(' ');

/** `a, b, and c`. */
export const conjunction = (values: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(values);

/** The first `most` values, and how many more there are: `a, b, and 3 more`. */
export const firstOf = (values: readonly string[], most: number): string =>
  [
    ...values.slice(0, most),
    ...(values.length > most ? [`and ${values.length - most} more`] : []),
  ].join(', ');

/** A duration as people read it: `0.4 s`, `42 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 9950) return `${Math.ceil(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
}

/** A text with a full stop, unless it ends as a sentence already. */
export const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The names with repeated ones numbered, so that all differ: `crm`, `crm (2)`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return names.map((name) => {
    let nth = next.get(name) ?? 2;
    let distinct = name;
    for (; taken.has(distinct); nth++) distinct = `${name} (${nth})`;
    next.set(name, nth);
    taken.add(distinct);
    return distinct;
  });
}

/** Compares two texts in an order that is the same everywhere. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
