import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { parseHttpDate, parseTimestamp, utcTime } from '../../../../src/fivetran/http/timestamp.ts';

const noon = Date.UTC(2026, 2, 29, 12, 30, 15);
const sameTime: [string, number][] = [
  ['2026-03-29T12:30:15Z', noon],
  ['2026-03-29T12:30:15', noon],
  ['2026-03-29T12:30:15.250', noon + 250],
  ['2026-03-29T12:30:15.250750Z', noon + 250.75],
  ['2026-03-29T14:30:15+02:00', noon],
  ['2026-03-29T07:00:15.5-0530', noon + 500],
];

test.each(sameTime)('%s is read, with UTC where no zone is given', (text, expected) => {
  expect(parseTimestamp(text)).toBeCloseTo(expected, 2);
});

test.each(['America/Los_Angeles', 'Asia/Kathmandu'])(
  'does not depend on the time zone of the runner: %s',
  (TZ) => {
    const file = new URL('../../../../src/fivetran/http/timestamp.ts', import.meta.url);
    const texts = sameTime.map(([text]) => text);
    const script = `
    const { parseTimestamp } = await import(${JSON.stringify(file.href)});
    if (new Date().getTimezoneOffset() === 0) throw new Error('no such zone');
    console.log(JSON.stringify(${JSON.stringify(texts)}.map(parseTimestamp)));`;
    // Jest's process.env is a copy that does not set the zone.
    const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
    const output = execFileSync(process.execPath, options, { env: { TZ }, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual(texts.map(parseTimestamp));
  },
);

test.each([
  undefined,
  '',
  'yesterday',
  '2026-03-29',
  '2026-03-29 12:30:15',
  '2026-3-29T12:30:15Z',
  '2026-02-30T12:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-03-29T24:00:00Z',
  '2026-03-29T12:60:00Z',
  '2026-03-29T12:30:15 PST',
  'Sun, 29 Mar 2026 12:30:15 GMT',
  '1774787415000',
  ' 2026-03-29T12:30:15Z',
])('%j is not a timestamp', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test('every time that JavaScript formats is read back unchanged', () => {
  const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (one) => {
      expect(parseTimestamp(one.toISOString())).toBeCloseTo(one.getTime(), 2);
    }),
  );
});

test.each([
  ['Wed, 25 Nov 2026 03:36:21 GMT'],
  ['Wednesday, 25-Nov-26 03:36:21 GMT'],
  ['Wed Nov 25 03:36:21 2026'],
  ['Wed, 25 Nov 2026 03:36:21'],
])('an HTTP date in any form is in UTC: %s', (date) => {
  expect(parseHttpDate(date)).toBe(Date.UTC(2026, 10, 25, 3, 36, 21));
});

test.each(['Wed, 25 Nov 2026 05:36:21 +0200', 'Tue, 24 Nov 2026 19:36:21 -08:00'])(
  'an HTTP date with an offset is read with it: %s',
  (date) => {
    expect(parseHttpDate(date)).toBe(Date.UTC(2026, 10, 25, 3, 36, 21));
  },
);

test.each([undefined, '', '17', 'soon', '2026-11-25'])('%j is not an HTTP date', (date) => {
  expect(parseHttpDate(date)).toBeUndefined();
});

test('a time of day is told in UTC, however far away', () => {
  expect(utcTime(Date.UTC(2026, 0, 5, 14, 5, 7, 999))).toBe('14:06 UTC');
  expect(utcTime(9e15)).toBe('00:00 UTC');
});
