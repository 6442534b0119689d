import type { Redactor } from '../../secrets/redactor.ts';
import { oneLine, truncate } from '../../text/format.ts';

/** How much of a response is looked at, and how much of it is quoted. */
const inspected = 4000;
const maxQuoted = 160;

/**
 * The first words of a response that is not the API's, as one line: of an HTML page, its text. The
 * response may have been cut within a secret, or hold a connect card, so what may be a credential
 * is left out: values under keys that name one, and long runs of characters without a space. Runs
 * in linear time.
 */
export function excerpt(response: string, redact: Redactor['redact']): string {
  const text = redact(response, { length: inspected, isCut: true })
    .slice(0, inspected)
    .replace(/<(style|script|head)\b[^<>]*>.*?(?:<\/\1>|(?=<body\b)|$)/gis, ' ')
    .replace(/<\/?[a-z!][^<>]*>/gi, ' ')
    .replace(/"([^"]*)"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (whole, key: string, colon: string) =>
      /token|uri|secret|pass|key/i.test(key) ? `"${key}"${colon}***` : whole,
    )
    .replace(/[\w+/=.%~-]{24,}/g, '***')
    .replace(/\s+/g, ' ');
  return truncate(oneLine(text), maxQuoted);
}
