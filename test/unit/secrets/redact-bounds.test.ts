import * as fc from 'fast-check';
import { excerpt } from '../../../src/fivetran/http/excerpt.ts';
import { createRedactor } from '../../../src/secrets/redactor.ts';
import { truncate } from '../../../src/text/format.ts';

const redactorOf = (...secrets: string[]) => {
  const redactor = createRedactor(() => {});
  for (const secret of secrets) redactor.mask(secret);
  return redactor;
};
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

describe('a text of which only the beginning is wanted', () => {
  const pieces = fc.constantFrom(
    ...['a', 'ab', 'aaaa', 'b', ' ', '\n', '+', '&', '\\', '%61', '&#97;', '&amp;', '\\u0061'],
    ...['YWFh', 'YWFhYWI=', 'ä', '%C3%A4', '&auml;', 'hunter2'],
  );
  const words = (maxLength: number) =>
    fc.array(pieces, { maxLength }).map((parts) => parts.join(''));

  test('reads as the whole text does, truncated', () => {
    fc.assert(
      fc.property(
        fc.array(words(8), { minLength: 1, maxLength: 3 }),
        words(60),
        fc.nat({ max: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (secrets, piece, length, times) => {
          const { redact } = redactorOf(...secrets);
          const text = `${piece}${secrets[0]}`.repeat(times);
          expect(redact(text, { length })).toBe(truncate(redact(text), length));
        },
      ),
    );
  });

  test('is hidden where a secret of any length crosses the end of what is searched', () => {
    const secret = 'zq7'.repeat(3000);
    const { redact } = redactorOf(secret);
    for (const before of [0, 900, 999, 1000, 1001, 1199, 1200]) {
      const text = `${'x'.repeat(before)}${secret} and more `.repeat(3);
      const clean = redact(text, { length: 100 });
      expect(clean).not.toContain('zq7');
      expect(clean).toBe(truncate(redact(text), 100));
    }
  });

  test('is whole where it is short', () => {
    const { redact } = redactorOf('hunter2');
    expect(redact('a hunter2 b', { length: 7 })).toBe('a *** b');
    expect(redact('a hunter2 b', { length: 6 })).toBe('a *** … (truncated)');
    expect(redactorOf().redact('abcdef', { length: 3 })).toBe('abc… (truncated)');
  });
});

describe('a text that was cut within a secret', () => {
  const secret = 'pä"ss&w=rd/<tail>';
  const written: [string, string][] = [
    ['as it is', secret],
    ['in JSON', inJson(secret)],
    ['in JSON within JSON', inJson(inJson(secret))],
    ['in JSON as PHP and Gson write it', 'p\\u00e4\\"ss\\u0026w\\u003drd\\/\\u003ctail\\u003e'],
    ['in HTML', 'p&auml;&quot;ss&amp;w&equals;rd&sol;&lt;tail&gt;'],
    ['escaped twice in HTML', 'p&amp;auml;&amp;quot;ss&amp;amp;w=rd/&amp;lt;tail&amp;gt;'],
    ['in a URL', encodeURIComponent(secret)],
    ['in Base64', Buffer.from(secret).toString('base64')],
  ];

  test.each(written)('does not end with its beginning: %s', (_, form) => {
    const { redact } = redactorOf(secret);
    for (let end = 1; end < form.length; end++) {
      const clean = redact(`The value ${form.slice(0, end)}`, { isCut: true });
      const shown = clean.replace('***', '').slice('The value '.length);
      // Up to three characters of a secret are no secret, in any form.
      expect(shown.length === 0 || form.slice(0, end).startsWith(shown)).toBe(true);
      if (shown.length >= 4) {
        expect(redactorOf(secret).redact(`${shown}${form.slice(shown.length)}`)).toBe('***');
        expect(unescaped(shown).length).toBeLessThan(4);
      }
    }
  });

  /** How many characters of the secret a cut form of it shows at most. */
  const unescaped = (form: string) =>
    /^[\w+/]+$/.test(form)
      ? Buffer.from(form, 'base64').toString()
      : form
          .replace(/&amp;/g, '&')
          .replace(/\\\\u00..|\\\\?u00..|%C3%A4|&\w+;|\\+["/]|%../g, 'x')
          .replace(/[\\&%].*$/, '');

  test('is left alone where it ends with fewer than four characters of it', () => {
    const { redact } = redactorOf('hunter2');
    expect(redact('it ends with hun', { isCut: true })).toBe('it ends with hun');
    expect(redact('it ends with hunt', { isCut: true })).toBe('it ends with ***');
    expect(redact('it ends with hunter2', { isCut: true })).toBe('it ends with ***');
    expect(redact('it ends with hunt')).toBe('it ends with hunt');
    expect(redact(`${'x'.repeat(999)} hunt`, { isCut: true })).toBe(`${'x'.repeat(999)} ***`);
  });

  test.each([
    ['that has an ampersand of its own', 'a&bcdefg', 'a&bc'],
    ['that repeats its beginning', '1234+1234+5678', '1234+1234'],
    ['that begins like another one', 'hunting', 'huntin'],
    ['that is cut within a number of HTML', 'hunter2', 'hunte&#11'],
    ['that is cut within four bytes of a URL', 'hunt😀', 'hunt%F0%9F%98%8'],
    ['of which every character is escaped twice', 'p'.repeat(10), '%26%23112%3B'.repeat(9)],
  ])('does not end with the beginning of one %s', (_, secret, end) => {
    const { redact } = redactorOf('hunt-er', secret, 'hunt');
    expect(redact(`it ends with ${end}`, { isCut: true })).toBe('it ends with ***');
  });

  test('does not end with the beginning of one that was added after a search', () => {
    const { mask, redact } = redactorOf('hunter2', 'correct horse', 'another one');
    expect(redact('it ends with late-s')).toBe('it ends with late-s');
    mask('late-secret');
    mask('hors');
    expect(redact('a correct horse')).toBe('a ***');
    expect(redact('it ends with late-s', { isCut: true })).toBe('it ends with ***');
  });

  test('is quoted without its beginning', () => {
    const { redact } = redactorOf('correct horse battery');
    const json = '{"code":"Success","data":{"config":{"user":"ann","note":"correct horse b';
    expect(excerpt(json, redact)).toBe(
      '{"code":"Success","data":{"config":{"user":"ann","note":"***',
    );
  });
});

describe('redaction is linear', () => {
  const length = 1 << 18;
  test.each<[string, string[], string]>([
    ['a secret that begins like the text', [`${'-'.repeat(20)}BEGIN`], '-'],
    ['a secret that repeats one character', ['0'.repeat(48_000)], '0'],
    ['a secret that repeats two, and another end', [`${'ab'.repeat(5000)}c`], 'ab'],
    [
      'secrets that begin each other',
      Array.from({ length: 999 }, (_, at) => 'a'.repeat(at + 4)),
      'a',
    ],
    ['secrets in Base64 of one character', ['\0'.repeat(9000)], 'A'],
  ])('in the text, whatever the secret: %s', (_, secrets, piece) => {
    const { redact } = redactorOf(...secrets);
    // Would take minutes if a place of the text were compared with more than a few characters.
    const clean = redact(piece.repeat(length / piece.length));
    expect(clean === '***' || clean.length === length).toBe(true);
  });

  test('in the number of secrets, also when each is added after a search', () => {
    const { mask, redact } = redactorOf();
    const secretOf = (at: number) => `secret-number-${at}-${'x'.repeat(100)}`;
    for (let at = 0; at < 500; at++) {
      mask(secretOf(at));
      expect(redact(`got ${secretOf(at >> 1)} and ${secretOf(at)}.`)).toBe('got *** and ***.');
    }
  });
});
