/** A text as one line without control characters and without the older form of workflow commands. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll('##[', '## [')
    .trim();

/** A text of at most `length` characters; a cut one says so. */
export const truncate = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}… (truncated)`;

/** A text as one segment of a URL's path. */
export function encodeSegment(text: string): string {
  // A URL takes . and .. for steps within its path, also when they are encoded once.
  if (/^\.{1,2}$/.test(text)) return text.replaceAll('.', '%252E');
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** `1 setup test`, `2 setup tests`. */
export const pluralize = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a, b or c`. */
export const listed = (values: readonly unknown[]): string =>
  values.length < 2
    ? values.join('')
    : `${values.slice(0, -1).join(', ')} or ${values[values.length - 1]}`;
