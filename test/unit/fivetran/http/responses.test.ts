import * as fc from 'fast-check';
import type { Request } from '../../../../src/fivetran/http/attempt.ts';
import { interpret } from '../../../../src/fivetran/http/interpret.ts';
import { acknowledged } from '../../../../src/fivetran/requester.ts';
import { CREATE, READ } from './session.ts';

/** The interpretation of an answer with this status and body. */
function interpretAs(
  status: number,
  body: unknown,
  {
    request = CREATE,
    redact = (text) => text,
    headers = {},
  }: {
    request?: Request<unknown>;
    redact?: (text: string) => string;
    headers?: Record<string, string>;
  } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const attempt = interpret(request, { status, headers, text, date: undefined }, redact);
  const error = 'error' in attempt ? attempt.error : undefined;
  return { ...attempt, message: [error?.message, error?.hint].filter(Boolean).join(' ') };
}

const html = '<html><head><title>no</title></head><body><h1>Out of\n service</h1></body></html>';

describe('an answer that is not from the API', () => {
  test.each<[number, unknown, string]>([
    [200, html, 'answered 200, but without the expected data: Out of service.'],
    [502, html, 'answered 502: Out of service.'],
    [502, '<HEAD><TITLE>no</TITLE></HEAD><H1>Down</H1><style>p {', 'answered 502: Down.'],
    [504, '<p>Gateway', 'answered 504: Gateway.'],
    [200, '', 'answered 200 without content.'],
    [201, '', 'answered 201 without content.'],
    [503, '', 'answered 503.'],
    [201, '{"code":"Succ', 'but without the expected data: {"code":"Succ.'],
    [200, { code: 'Success', data: {} }, 'expected data: {"code":"Success","data":{}}.'],
    [200, '[]', 'expected data: [].'],
    [200, 'null', 'expected data: null.'],
    [500, 'Out of order.', 'answered 500: Out of order.'],
    [500, { code: 'Broken', message: 'Try later' }, 'answered 500: Broken: Try later.'],
    [300, html, 'answered 300, a redirect. Redirects are not followed; check api_url.'],
    [302, html, 'answered 302, a redirect. Redirects are not followed; check api_url.'],
  ])('with status %i and %j leaves the outcome unknown, and is quoted', (status, body, end) => {
    const { kind, message } = interpretAs(status, body);
    expect(kind).toBe('unknown');
    expect(message).toMatch(/^Could not create the connection: Fivetran answered \d+/);
    expect(message.slice(-end.length)).toBe(end);
  });

  test('is named in a few words by its status, when that is a fault', () => {
    expect(interpretAs(503, '')).toMatchObject({
      error: { shortReason: '503 Service Unavailable' },
    });
    expect(interpretAs(302, html)).toMatchObject({ error: { shortReason: '302 Found' } });
    expect(interpretAs(599, '')).toMatchObject({ error: { shortReason: '599' } });
    expect(interpretAs(200, html)).toMatchObject({ error: { shortReason: 'unusable response' } });
  });

  test('does not acknowledge a change without a code', () => {
    const request = { ...CREATE, read: acknowledged };
    expect(interpretAs(200, { message: 'ok' }, { request }).kind).toBe('unknown');
    expect(interpretAs(200, { code: 'Accepted' }, { request }).kind).toBe('unknown');
    expect(interpretAs(200, { code: 'SUCCESS' }, { request }).kind).toBe('answered');
    expect(interpretAs(204, '', { request }).kind).toBe('answered');
  });

  test('does not count even for a request without a result', () => {
    const request = { ...READ, read: () => true };
    for (const body of ['', html, '[]', '"ok"', '{"code":']) {
      expect(interpretAs(200, body, { request }).kind).toBe('unknown');
    }
    expect(interpretAs(204, '', { request }).kind).toBe('answered');
    expect(interpretAs(200, { code: 'Success' }, { request }).kind).toBe('answered');
    expect(interpretAs(200, { data: { id: 'x' } }).kind).toBe('answered');
  });
});

describe('a refusal', () => {
  test('contains the code and message from Fivetran and what to check', () => {
    const refusal = { code: 'NotFound_Group', message: 'No such\ngroup' };
    expect(interpretAs(404, refusal)).toMatchObject({
      kind: 'rejected',
      status: 404,
      error: { code: 'NotFound_Group', isNotFound: true },
    });
    expect(interpretAs(409, refusal).message).toMatch(/: No such group\. Check the name\.$/);
  });

  test('from a proxy quotes its page', () => {
    expect(interpretAs(403, html).message).toMatch(/answered 403: Out of service\. Check that/);
  });

  test('is bounded and redacted', () => {
    const redact = (text: string) => text.replaceAll('hunter2', '***');
    const refusal = { code: 'hunter2', message: 'hunter2 '.repeat(100_000) };
    const { message } = interpretAs(400, refusal, { redact });
    expect(message).toContain('answered 400 ***: *** *** ');
    expect(message).not.toContain('hunter2');
    expect(message.length).toBeGreaterThan(2000);
    expect(message.length).toBeLessThan(3000);
  });
});

test('429 means not processed, and how long to wait', () => {
  const headers = { 'retry-after': '9' };
  expect(interpretAs(429, html, { headers })).toMatchObject({
    kind: 'limited',
    retryAfterMs: 9000,
  });
});

describe('quoted text', () => {
  const quoted = (body: string, redact = (text: string) => text) =>
    interpretAs(500, body, { redact }).message.replace(/^.*answered 500/, '');

  test('is one short line without markup, scripts or styles', () => {
    const page = `<!doctype html><head><title>x</title><body class="a"><style>p { color: red }</style>
      <script>alert(1)</script><p>Down\n\nfor</p> ${'maintenance '.repeat(5000)}`;
    expect(quoted(page)).toMatch(/^: Down for maintenance /);
    expect(quoted(page)).not.toMatch(/[\n<>]|alert|color/);
    expect(quoted(page).length).toBeLessThan(200);
  });

  test('contains no values under keys that name a credential, and no long tokens', () => {
    const body =
      '{"data":{"connect_card":{"token" : "eyJ.short","uri":"https://x"},"title":"Hello","k":"Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6';
    expect(quoted(body)).toBe(
      ': {"data":{"connect_card":{"token" : ***,"uri":***},"title":"Hello","k":"***.',
    );
    expect(
      quoted(
        '{"Client_Secret":"a\\"b","passphrase":"c d","api_key":"e f","k":"Zm9v+/=.%~-_Zm9v12345678","t":"x","Token":"cut',
      ),
    ).toBe(': {"Client_Secret":***,"passphrase":***,"api_key":***,"k":"***","t":"x","Token":***.');
  });

  test('is redacted before it is truncated', () => {
    const secret = 'correct horse battery';
    const body = `${'x '.repeat(70)}${secret} ${'y '.repeat(100)}`;
    const text = quoted(body, (whole) => whole.replaceAll(secret, '***'));
    expect(text).toContain('x *** y');
    expect(text).not.toContain('correct');
  });

  test.each([
    '<',
    '<a',
    '"',
    '"key',
    '"token"  ',
    '<head>',
    '<style>"',
    '\\"',
    '&#',
    ' ',
    '\u2028',
  ])('is bounded for 1 MB of %j', (piece) => {
    const body = piece.repeat(Math.floor(1_000_000 / piece.length));
    const attempt = interpretAs(500, body);
    expect(attempt.kind).toBe('unknown');
    if (attempt.kind === 'unknown') expect(attempt.error.message.length).toBeLessThan(1000);
  });
});

describe('a deeply nested answer', () => {
  const nested = (levels: number, open: string, close: string) =>
    `{"code":"Success","data":{"id":"x","details":${open.repeat(levels)}1${close.repeat(levels)}}}`;
  const dataOf = (text: string) => {
    const attempt = interpretAs(201, text);
    if (attempt.kind !== 'answered') throw new Error(attempt.message);
    return attempt.data as { details: unknown };
  };

  test.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '[{"__proto__":', '}]'],
  ])('is truncated to a depth that can be serialized: %s', (_, open, close) => {
    for (const levels of [3000, 200_000]) {
      const text = JSON.stringify(dataOf(nested(levels, open, close)));
      expect(text).toContain('… (truncated)');
      expect(text.length).toBeLessThan(3000);
    }
  });

  test('stays unchanged up to 90 levels', () => {
    const { details } = dataOf(nested(90, '[', ']'));
    expect(JSON.stringify(details)).toBe(`${'['.repeat(90)}1${']'.repeat(90)}`);
  });
});

test('never throws for any answer', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(200, 201, 400, 404, 429), fc.integer({ min: 200, max: 599 })),
      fc.oneof(
        fc.json(),
        fc.json().map((details) => `{"code":"Success","data":{"id":"x","details":${details}}}`),
        fc.string(),
        fc.json().map((text) => text.slice(0, -1)),
      ),
      (status, text) => {
        const { kind } = interpretAs(status, text);
        kinds.add(kind);
        if (kind === 'rejected') expect(Math.floor(status / 100)).toBe(4);
        if (kind === 'answered') expect(Math.floor(status / 100)).toBe(2);
      },
    ),
  );
  expect([...kinds].sort()).toEqual(['answered', 'limited', 'rejected', 'unknown']);
});
