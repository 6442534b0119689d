import { oneLine, truncate } from '../../text/format.ts';

/** How much of an answer is looked at, and how much of it is quoted. */
const inspected = 4000;
const quoted = 160;
/** Leaves room for secrets, which are shorter once they are redacted. */
const redacted = 16 * inspected;

/**
 * The first words of an answer that is not the API's, as one line: of an HTML page, its text. A
 * broken answer may hold a connect card, so what may be a credential is left out: values under keys
 * that name one, and long runs of characters without a space. Runs in linear time.
 */
export function excerpt(answer: string, redact: (text: string) => string): string {
  const text = redact(answer.slice(0, redacted))
    .slice(0, inspected)
    .replace(/<(style|script|head)\b[^<>]*>.*?(?:<\/\1>|(?=<body\b)|$)/gis, ' ')
    .replace(/<\/?[a-z!][^<>]*>/gi, ' ')
    .replace(/"([^"]*)"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (whole, key: string, colon: string) =>
      /token|uri|secret|pass|key/i.test(key) ? `"${key}"${colon}***` : whole,
    )
    .replace(/[\w+/=.%~-]{24,}/g, '***')
    .replace(/\s+/g, ' ');
  return truncate(oneLine(text), quoted);
}
