import * as fc from 'fast-check';
import { makeRedactor, variantsOf } from '../../src/secrets/redactor.ts';

const secretsOf = (...hidden: string[]) => {
  const secrets = makeRedactor(() => {});
  for (const secret of hidden) secrets.mask(secret);
  return secrets;
};

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

/** Text without a `*`, which is what a secret is replaced by, rich in what is escaped in JSON. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r\n', '"', '\\', '\t', '$', 'é', '\u2028', 'abcd', ' '),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('').replaceAll('*', ''));

const isHidden = (text: string) =>
  text.trim().length >= 4 && !/^(true|false|null)$/i.test(text.trim());
const anySecret = anyText.filter(isHidden);

test('no secret is left in a text, as it is or as a part of JSON, whole or line by line', () => {
  fc.assert(
    fc.property(
      fc.array(anySecret, { minLength: 1, maxLength: 4 }),
      fc.array(anyText),
      (hidden, around) => {
        const forms = hidden.flatMap((secret) => [
          secret,
          inJson(secret),
          ...linesOf(secret).flatMap((line) => [line, line.trim(), inJson(line)]),
        ]);
        const text = forms.map((form, at) => `${around[at] ?? ''}${form}`).join(around[0] ?? '');
        const clean = secretsOf(...hidden).redact(text);
        for (const form of forms.filter(isHidden)) expect(clean).not.toContain(form);
      },
    ),
  );
});

test('a text without a secret stays', () => {
  fc.assert(
    fc.property(anyText, anySecret, (text, secret) => {
      fc.pre(!variantsOf(secret).some((form) => text.includes(form)));
      expect(secretsOf(secret).redact(text)).toBe(text);
    }),
  );
});

test('what is around a secret stays', () => {
  const { redact } = secretsOf('hunter2', 'hunter2-the-longer-one', 'hunt');
  expect(redact('a hunter2, hunter2hunter2 and hunter2-the-longer-one!')).toBe(
    'a ***, ****** and ***!',
  );
  expect(redact('a hunter and a hun')).toBe('a ***er and a hun');
});

test('every form of a secret is announced once', () => {
  const announced: string[] = [];
  const { mask } = makeRedactor((form) => announced.push(form));
  mask('one "1"\n  two\\2');
  mask('one "1"\n  two\\2');
  mask('  two\\2');
  expect(new Set(announced).size).toBe(announced.length);
  for (const form of [
    'one "1"\n  two\\2',
    'one \\"1\\"\\n  two\\\\2',
    'one "1"',
    'one \\"1\\"',
    '  two\\2',
    '  two\\\\2',
    'two\\2',
    'two\\\\2',
  ]) {
    expect(announced).toContain(form);
  }
});

test.each(['', 'abc', 'true', 'False', 'NULL', '    ', '\t'])(
  '%j would blank the log, and stays',
  (secret) => {
    expect(variantsOf(secret)).toEqual([]);
    expect(secretsOf(secret).redact(`x${secret}y`)).toBe(`x${secret}y`);
  },
);

test('short lines of a secret stay, and the whole does not', () => {
  expect(variantsOf('ab\ncd')).toEqual(expect.arrayContaining(['ab\ncd', 'ab\\ncd']));
  for (const line of ['ab', 'cd']) expect(variantsOf('ab\ncd')).not.toContain(line);
});

describe('in a value', () => {
  const { redactAll } = secretsOf('hunter2');

  test('every string is redacted, keys too, and everything else stays', () => {
    const value = { a: ['x hunter2', 5, null, true], hunter2: { b: 'hunter2' }, c: undefined };
    expect(redactAll(value)).toEqual({ a: ['x ***', 5, null, true], '***': { b: '***' } });
  });

  test('what is known to be none stays, where it stands alone', () => {
    expect(redactAll(['hunter2', 'x hunter2'], new Set(['hunter2']))).toEqual(['hunter2', 'x ***']);
  });
});
