import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { createRedactor } from '../../../src/secrets/redactor.ts';
import { variantsOf } from '../../../src/secrets/variants.ts';
import { anyCharacter } from '../../harness/any-character.ts';

const redactorOf = (...secrets: string[]) => {
  const redactor = createRedactor(() => {});
  for (const secret of secrets) redactor.mask(secret);
  return redactor;
};

const masksOf = (...secrets: string[]) => {
  const masks: string[] = [];
  const { mask } = createRedactor((variant) => masks.push(variant));
  secrets.forEach(mask);
  return masks;
};

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

/** Text without `*`, the replacement of secrets, with many characters that serializers escape. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\n"\\\t$é\u2028 /=&', '\r\n', 'abcd'),
      fc.string({ unit: anyCharacter }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('').replaceAll('*', ''));

const isHidden = (text: string) =>
  text.trim().length >= 4 && !/^(true|false|null)$/i.test(text.trim());
const anySecret = anyText.filter(isHidden);

/** Characters that servers can write in several ways, and can mix. */
const serializers: Record<string, (char: string) => string[]> = {
  JSON: (char) => [
    ...(/["\\\p{Cc}]/u.test(char) ? [] : [char]),
    inJson(char),
    ...(char === '/' ? ['\\/'] : []),
    ...unitsOf(char, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
    ...unitsOf(char, (unit) => `\\u${unit.toString(16).padStart(4, '0').toUpperCase()}`),
  ],
  HTML: (char) => [
    ...(/[&<>"']/.test(char) ? [] : [char]),
    ...({
      '&': ['&amp;'],
      '<': ['&lt;'],
      '>': ['&gt;'],
      '"': ['&quot;'],
      "'": ['&apos;', '&#039;'],
    }[char] ?? []),
    `&#${char.codePointAt(0)};`,
    `&#x${char.codePointAt(0)?.toString(16)};`,
  ],
  URL: (char) => [
    encodeURIComponent(char),
    percentEncoded(char),
    percentEncoded(char).toLowerCase(),
  ],
  'form data': (char) => [
    new URLSearchParams({ v: char }).toString().slice(2),
    percentEncoded(char),
  ],
};

const unitsOf = (char: string, write: (unit: number) => string): string[] => [
  Array.from({ length: char.length }, (_, at) => write(char.charCodeAt(at))).join(''),
];
const percentEncoded = (char: string) =>
  [...Buffer.from(char)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

test('removes secrets from text and JSON, as a whole and line by line', () => {
  fc.assert(
    fc.property(
      fc.array(anySecret, { minLength: 1, maxLength: 4 }),
      fc.array(anyText),
      (hidden, around) => {
        const forms = hidden
          .flatMap((secret) => [secret, ...linesOf(secret)])
          .flatMap((part) => [part, part.trim()])
          .filter(isHidden)
          .flatMap((part) => [part, inJson(part)]);
        const text = forms.map((form, at) => `${around[at] ?? ''}${form}`).join(around[0] ?? '');
        const clean = redactorOf(...hidden).redact(text);
        for (const form of forms) expect(clean).not.toContain(form);
      },
    ),
  );
});

describe.each(Object.entries(serializers))('a secret in %s', (_, waysOf) => {
  const wellFormed = fc
    .string({
      unit: fc.oneof(fc.constantFrom(...'"\\/=&<>\'+ äß€😀\t%;'), fc.constantFrom(...'abXY9')),
    })
    .filter((text) => text.trim().length >= 4 && !text.includes('*'));

  test('is hidden however its characters are escaped', () => {
    fc.assert(
      fc.property(wellFormed, fc.infiniteStream(fc.nat()), (secret, choices) => {
        const written = [...secret]
          .map((char) => {
            const ways = waysOf(char);
            return ways[choices.next().value % ways.length];
          })
          .join('');
        expect(redactorOf(secret).redact(`got "${written}".`)).toBe('got "***".');
      }),
    );
  });
});

test.each([
  ['as Gson writes it', "a=b&c'd<e>", 'a\\u003db\\u0026c\\u0027d\\u003ce\\u003e'],
  ['as JavaScript writes it', "it's a=b\b\f", "it\\'s a\\u003db\\b\\f"],
  ['as PHP writes it', 'pä/öq', 'p\\u00e4\\/\\u00f6q'],
  ['as System.Text.Json writes it', 'p+q\'r"ß', 'p\\u002Bq\\u0027r\\u0022\\u00DF'],
  ['escaped twice by JSON.stringify', 'say "hi"\\now', inJson(inJson('say "hi"\\now'))],
  ['escaped by Gson and again by JSON.stringify', 'k=v;w=x', 'k\\\\u003dv;w\\\\u003dx'],
  [
    'as HTML within JSON by Gson',
    '<b>&</b>',
    '\\u0026lt;b\\u0026gt;\\u0026amp;\\u0026lt;/b\\u0026gt;',
  ],
  ['URL-encoded within JSON that escapes slashes', 'u/v w', 'u\\/v%20w'],
  ['in upper and lower case hex', 'pö=ü', 'p%c3%b6%3D%C3%BC'],
  [
    'in HTML that names each character',
    '!"#$%&()*+,./:;<=>?@[]_{}',
    '&excl;&quot;&num;&dollar;&percnt;&amp;&lpar;&rpar;&ast;&plus;&comma;&period;&sol;&colon;&semi;' +
      '&lt;&equals;&gt;&quest;&commat;&lsqb;&rsqb;&lowbar;&lcub;&rcub;',
  ],
  [
    'in HTML that names Latin letters',
    'Äß\u00a0éč½λ\u00a0ö',
    '&Auml;&szlig;&nbsp;&eacute;&ccaron;&frac12;&lambda;&NonBreakingSpace;&OUML;',
  ],
  [
    'in HTML that names signs and Greek letters',
    'ÿžƒΩω—‚„•…″›€™↔⇔∋−∞∫≡≥⊇⊗⌋♦',
    '&yuml;&zcaron;&fnof;&Omega;&omega;&mdash;&sbquo;&bdquo;&bull;&hellip;&Prime;&rsaquo;&eur' +
      'o;&trade;&harr;&hArr;&ni;&minus;&infin;&int;&equiv;&ge;&supe;&otimes;&rfloor;&diams;',
  ],
  [
    'in HTML that uses further names',
    '[]{}||_`*x',
    '&lbrack;&rbrack;&lbrace;&rbrace;&vert;&VerticalLine;&UnderBar;&DiacriticalGrave;&midast;x',
  ],
  [
    'escaped twice in HTML',
    '<ä & "b">',
    '&amp;lt;&amp;auml; &amp;amp; &amp;quot;b&amp;quot;&amp;gt;',
  ],
  ['as JSON within HTML', 'a"b\\c/d', 'a\\&quot;b\\\\c\\&sol;d'],
  ['as JSON within a URL', 'a"b=c', 'a%5C%22b%5Cu003dc'],
  ['URL-encoded twice', 'a=b/c', 'a%253Db%252Fc'],
])('a secret is recognized %s', (_how, secret, written) => {
  expect(redactorOf(secret).redact(`before ${written} after`)).toBe('before *** after');
});

test.each(['pass', 'correct horse', 'ümläut?>?>', 'line one\nline two'])(
  'a secret is recognized in Base64: %j',
  (secret) => {
    const { redact } = redactorOf(secret);
    for (const form of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(secret).toString(form);
      expect(redact(`Basic ${encoded}!`)).toBe('Basic ***!');
      const bare = encoded.replace(/=+$/, '');
      expect(redact(`Basic ${bare}.`)).toBe('Basic ***.');
      for (let at = 1; at < bare.length; at++) {
        const before = '.'.repeat(at % 4);
        const clean = redact(`${before}${bare.slice(0, at)}\n\t${bare.slice(at)}`);
        expect(clean).toBe(`${before}***`);
      }
    }
  },
);

describe.each([64, 76])('Base64 in lines of %i characters', (columns) => {
  const secret = Array.from({ length: 60 }, (_, at) => `ümläut ${at}?>`).join('-');
  const wrap = (text: string, end: string) => text.match(RegExp(`.{1,${columns}}`, 'g'))?.join(end);

  test.each(['\n', '\r\n', '\n  ', '\\n', '\\r\\n', '\\\\r\\\\n', '%0D%0A', '&#10;'])(
    'does not show a secret, with line breaks as in %j',
    (end) => {
      const { redact } = redactorOf(secret);
      for (const before of ['', 'u', 'us', 'user name:']) {
        const encoded = Buffer.from(`${before}${secret}`).toString('base64');
        const clean = redact(`Value:\n"${wrap(encoded, end)}"\nNext`);
        expect(clean).toMatch(/^Value:\n".{0,14}\*\*\*"\nNext$/);
      }
    },
  );

  test('does not show a secret that is Base64 itself', () => {
    const key = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    expect(redactorOf(key).redact(`-----BEGIN-----\n${wrap(key, '\n')}\n-----END-----`)).toBe(
      '-----BEGIN-----\n***\n-----END-----',
    );
  });
});

test('a text without a secret stays unchanged', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(redactorOf('an unlikely secret').redact(text)).toBe(text);
    }),
  );
});

test('escapes around a secret stay unchanged', () => {
  const { redact } = redactorOf('s3cr=t');
  expect(redact('{"a":"\\u0026 \\"s3cr\\u003dt\\" &lt; %20+\\/ %C0%80 &#9999999;"}')).toBe(
    '{"a":"\\u0026 \\"***\\" &lt; %20+\\/ %C0%80 &#9999999;"}',
  );
  expect(redactorOf('new "one"').redact('C:\\new \\"one\\"')).toBe('C:\\***');
});

test('text around a secret stays, and the longest secret wins', () => {
  const { redact } = redactorOf('hunter2', 'hunter2-the-longer-one', 'hunt');
  expect(redact('a hunter2, hunter2hunter2 and hunter2-the-longer-one!')).toBe(
    'a ***, ****** and ***!',
  );
  expect(redact('a hunter and a hun')).toBe('a ***er and a hun');
  expect(redactorOf('the hunter2 one', 'hunter2').redact('the hunter2 two')).toBe('the *** two');
});

test('overlapping secrets are removed completely', () => {
  expect(redactorOf('abcdef', 'cdefgh').redact('xabcdefghx')).toBe('x***x');
});

test('secrets with a common prefix are all found, and nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.array(word), (ends, texts) => {
      const secrets = ends.map((end) => `secret${end}`);
      const text = texts.map((end) => `secret${end}`).join('-');
      const longest = [...secrets].sort((a, b) => b.length - a.length);
      const naive = text.replace(new RegExp(longest.join('|'), 'g'), '***');
      expect(redactorOf(...secrets).redact(text)).toBe(naive);
    }),
  );
});

describe('a secret that is JSON', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const account = {
    type: 'service_account',
    project_id: 'previews-4711',
    private_key_id: '0f1e2d3c4b5a',
    private_key: privateKey,
    client_email: 'loader@previews-4711.iam.gserviceaccount.com',
    scopes: ['https://www.example.com/auth/bigquery', 'short-7'],
    nested: { refresh: 'refresh8' },
    tokens: ['a-listed-token'],
  };
  const keyLines = privateKey.trim().split('\n');

  test.each([
    ['compact', JSON.stringify(account)],
    ['with indentation', `\n${JSON.stringify(account, null, 2)}`],
  ])('hides the longer strings inside it, and every line of its key: %s', (_, json) => {
    const { redact } = redactorOf(json);
    const inside = [
      ...keyLines,
      account.client_email,
      account.private_key_id,
      account.project_id,
      account.nested.refresh,
      String(account.scopes[0]),
    ];
    for (const text of inside) {
      expect(redact(`(${text})`)).toBe('(***)');
      expect(redact(`(${inJson(inJson(text)).replaceAll('/', '\\/')})`)).toBe('(***)');
    }
    expect(redact(`Bad key: ${privateKey}`)).not.toMatch(/[\w+/]{16}/);
    expect(redact('a short-7 word, and the type')).toBe('a short-7 word, and the type');
  });

  test('registers its lines and credentials as masks, not every word', () => {
    const masks = masksOf(JSON.stringify(account, null, 2));
    expect(masks).toEqual(
      expect.arrayContaining([...keyLines, account.private_key_id, ...account.tokens]),
    );
    expect(masks).toContain(inJson(privateKey));
    for (const word of ['service_account', 'previews-4711', account.nested.refresh]) {
      expect(masks).not.toContain(word);
    }
    expect(masks.length).toBeLessThan(200);
  });

  test('is hidden as a whole when it is not valid JSON', () => {
    const { redact } = redactorOf('{"private_key": "abcdefgh",}');
    expect(redact('got {"private_key": "abcdefgh",} here')).toBe('got *** here');
  });

  test('can be deeply nested', () => {
    const deep = `${'['.repeat(20_000)}"at the bottom"${']'.repeat(20_000)}`;
    expect(redactorOf(deep).redact('it is at the bottom.')).toBe('it is ***.');
  });
});

describe('what the runner masks', () => {
  test('is every variant of a secret, once', () => {
    const secret = 'one "1"\n  two\\2';
    const masks = masksOf(secret, secret, '  two\\2');
    expect(new Set(masks).size).toBe(masks.length);
    expect(masks).toEqual(
      expect.arrayContaining([
        secret,
        'one \\"1\\"\\n  two\\\\2',
        'one "1"',
        'one \\"1\\"',
        'one \\\\\\"1\\\\\\"',
        '  two\\2',
        '  two\\\\2',
        'two\\2',
        'two\\\\2',
      ]),
    );
  });

  test('excludes texts with a line too short to mask', () => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        for (const variant of variantsOf(secret)) {
          for (const line of linesOf(variant)) expect(line === '' || isHidden(line)).toBe(true);
        }
      }),
    );
    expect(masksOf('{\n  "pin": "4821"\n}')).not.toContainEqual(expect.stringMatching(/^[{}]$/m));
  });
});

test.each(['', 'abc', 'a=b', ' ab ', 'true', 'False', 'NULL', ' true\n', '    ', '\t'])(
  '%j is not redacted, because it would blank the log',
  (secret) => {
    expect(masksOf(secret)).toEqual([]);
    const text = `x${secret}y ${inJson(secret)} ${encodeURIComponent(secret)} a\\u003db`;
    expect(redactorOf(secret).redact(text)).toBe(text);
  },
);

test.each(['truest', 'is-null'])('%j is hidden, as it only has such a word in it', (secret) => {
  expect(masksOf(secret)).toEqual([secret]);
  expect(redactorOf(secret).redact(`a ${secret} b`)).toBe('a *** b');
});

test('a secret with short lines is hidden as a whole only', () => {
  const { redact } = redactorOf('ab\ncd');
  expect(redact('ab, cd, "ab\\ncd" and ab\ncd')).toBe('ab, cd, "***" and ***');
});

describe('in a value', () => {
  const { redactValue } = redactorOf('hunter2', 'planned');

  test('every string is redacted, keys included, and everything else stays', () => {
    const value = { a: ['x hunter2', 5, null, true], hunter2: { b: 'hunter2' }, c: undefined };
    expect(redactValue(value)).toEqual({ a: ['x ***', 5, null, true], '***': { b: '***' } });
  });

  test.each([
    ['4711', 4711, '***'],
    ['4711', 147110, '***'],
    ['0815.50', 815.5, '***'],
    [' 123456 ', [123456, 12345], ['***', 12345]],
    ['12345678901234567890', Number('12345678901234567890'), '***'],
    ['-0.00012', { a: -0.00012 }, { a: '***' }],
    [' +4711.50\n', 4711.5, '***'],
    ['.47110', 0.4711, '***'],
    ['4.711E5', 471100, '***'],
    ['0007.00', 7, 7],
    ['47.11', 4711, 4711],
    ['1e999', Infinity, Infinity],
  ])('a secret %j is hidden in numbers: %j', (secret, value, clean) => {
    expect(redactorOf(secret).redactValue(value)).toEqual(clean);
  });

  test('kept words stay where they are a whole value or key', () => {
    const { redactValue } = redactorOf('hunter2', 'planned', '5432');
    const keep = new Set(['planned', '5432']);
    const value = { planned: 'planned', 5432: [5432, 'planned', 'planned ', 'hunter2', 54321] };
    const clean = { planned: 'planned', 5432: [5432, 'planned', '*** ', '***', '***'] };
    expect(redactValue(value, keep)).toEqual(clean);
  });

  test('keys that become equal stay distinct', () => {
    const value = { 'a-hunter2': 1, 'a-planned': 2, 'a-*** (2)': 3 };
    expect(redactValue(value)).toEqual({ 'a-***': 1, 'a-*** (2)': 2, 'a-*** (2) (2)': 3 });
  });

  test('names such as __proto__ are ordinary names', () => {
    const value = JSON.parse('{"__proto__":{"a":"hunter2"},"constructor":"hunter2"}');
    expect(JSON.stringify(redactValue(value))).toBe(
      '{"__proto__":{"a":"***"},"constructor":"***"}',
    );
  });

  test('deep nesting is truncated and can be serialized', () => {
    const lists = (levels: number) => JSON.parse(`${'['.repeat(levels)}5${']'.repeat(levels)}`);
    expect(redactValue(lists(200))).toEqual(lists(200));
    const deep = JSON.parse(`${'{"a":['.repeat(5000)}"hunter2"${']}'.repeat(5000)}`);
    const clean = JSON.stringify(redactValue(deep));
    expect(clean).toContain('… (truncated)');
    expect(clean).not.toContain('hunter2');
  });
});

describe('a long text', () => {
  const pem = (at: number) =>
    `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ${String(at).repeat(20)}\n-----END PRIVATE KEY-----\n`;
  const secrets = Array.from({ length: 1000 }, (_, at) => [`sk-live-${at}-${at}`, pem(at)]).flat();
  const length = 1 << 18;
  const { redact } = redactorOf(...secrets);

  test.each([
    ['of ordinary text', 'the quick brown fox '],
    ['that begins like many secrets', 'sk-live-'],
    ['that begins like many keys', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg'],
    ['of dashes', '-'],
    ['full of escapes', '\\u003d%3D&#61;+'],
    ['full of secrets', 'sk-live-7-7 '],
  ])('of 256 kB %s is redacted beside 2,000 secrets', (_, piece) => {
    const clean = redact(`${piece.repeat(length / piece.length)} sk-live-9-9`);
    expect(clean).toMatch(/ \*\*\*$/);
    expect(clean).not.toContain('sk-live-7-7');
  });
});

test('a secret is hidden in the Base64 of a longer text, such as basic authentication', () => {
  for (const before of ['', 'u', 'us', 'user:', 'fivetran:']) {
    for (const after of ['', '@', '@h', '@host']) {
      const secret = 'hunter2-correct-horse';
      const encoded = Buffer.from(`${before}${secret}${after}`).toString('base64');
      const clean = redactorOf(secret).redact(`Authorization: Basic ${encoded}`);
      expect(clean).toContain('***');
      const left = clean
        .replace('Authorization: Basic ', '')
        .split('***')
        .map((part) => Buffer.from(part, 'base64').toString());
      expect(left.join('')).not.toMatch(/hunter|correct|horse/);
    }
  }
});
