/** A mistake in a text: the offset of what must change, and a sentence that says how. */
export type Mistake = { offset: number; message: string };

/** The missing space of `host:db`. Any key that could be something else is not quoted. */
export const spaceAfterColon = (key: string): string =>
  `put a space after the colon: \`${shownKey(key)}: …\`.`;

/** The `=` of `host=db`, where YAML has a colon. */
export const colonForEquals = (key: string): string =>
  `write a colon and a space instead of =: \`${shownKey(key)}: …\`.`;

/** A key as an example; only lower-case words are plainly a key. */
const shownKey = (key: string): string =>
  /^[a-z]{1,20}(_[a-z]{1,20}){0,4}$/.test(key) ? key : 'key';

/** Whether a quoted scalar, as written, lacks its closing quote or escapes it. */
export function isUnclosed(written: string): boolean {
  const quote = written[0] ?? '';
  if (written.length === 1 || !written.endsWith(quote)) return true;
  let backslashes = 0;
  while (quote === '"' && written.at(-2 - backslashes) === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** A quote, the first character of a text, that nothing closes. */
export const unclosedQuote = ([quote = '']: string): string =>
  `this ${quote === '"' ? 'double' : 'single'} quote is never closed. Put ${quote} at the end of the text that begins here.`;

export const multiLineHint =
  "Pass a multi-line value, such as a private key, through the step's env and ${NAME}.";

export const missingColon = 'a colon is missing here, between a key and its value.';
