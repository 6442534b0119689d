import * as z from 'zod/mini';
import { certificateFingerprint, sshFingerprint } from '../../fivetran/fingerprint.ts';
import { alternatives } from '../../text/format.ts';

/*
 * Checks of field values. The message of each check is a rule that fits between the field's name
 * and the given value: "sync_frequency: must be 1, 5, …, got 7."
 */

/** Text that is not empty. */
export const someText = () =>
  z.string('must be a string').check(z.minLength(1, 'must not be empty'));

/** A boolean. */
export const flag = () => z.boolean('must be true or false');

/** A mapping whose fields someone else defines. */
export const anyMapping = () => z.record(z.string(), z.unknown(), mappingRule);

export const mappingRule = 'must be a mapping of names to values';

/** One of these values. */
export const oneOf = <const T extends string | number>(...values: T[]) =>
  z.literal(values, { error: () => `must be ${alternatives(values)}` });

/** A whole number between two bounds, inclusive. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const rule =
    most === Number.MAX_SAFE_INTEGER
      ? `must be a whole number, ${least} or more`
      : `must be a whole number from ${least} to ${most}`;
  return z
    .number(rule)
    .check(z.gte(least, rule), z.lte(most, rule), z.refine(Number.isSafeInteger, rule));
}

const minutesRule = 'must be a number of minutes, more than 0 and at most 10080 (a week)';

/** A duration of up to a week. */
export const minutes = () =>
  z.number(minutesRule).check(z.refine((n) => n > 0 && n <= 10_080, minutesRule));

const waitRule = 'must be a number of minutes from 0 to 360';

/** How long to wait; 0 means not at all. */
export const waitMinutes = () => z.number(waitRule).check(z.gte(0, waitRule), z.lte(360, waitRule));

const hourRule = 'must be a full hour from "00:00" to "23:00"';

/** A time of day at a full hour. */
export const fullHour = () => z.string(hourRule).check(z.regex(/^([01]\d|2[0-3]):00$/, hourRule));

/** One cron expression, or a list: what it may say is Fivetran's to check. */
export const cronExpressions = () =>
  z
    .unknown()
    .check(
      z.refine(
        (value) => [value].flat().every((one) => typeof one === 'string' && one.trim() !== ''),
        'must be a cron expression, or a list of them',
      ),
    );

const webRule = 'must be an http or https URL';

/** The URL of a web page. */
export const webAddress = () =>
  z.string(webRule).check(z.refine((url) => /^https?:$/.test(urlOf(url)?.protocol ?? ''), webRule));

const apiUrlRule =
  'must be an https URL, or http on a loopback address, without user, path, query, or fragment';

/** The base URL of the API: nothing may intercept the credentials on the way. */
export const apiUrl = () =>
  z.string(apiUrlRule).check(
    z.refine(isApiUrl, {
      error: ({ input }) => {
        const url = urlOf(String(input));
        const isRight = url?.href === `${url?.origin}${url?.pathname}` && isApiUrl(url.origin);
        return isRight ? `must not have a path: write ${url.origin}` : apiUrlRule;
      },
    }),
  );

const shardRule = 'must be index/total with an index from 0 to total - 1, such as 0/4';

/** One of several parts of a manifest. */
export const shardOf = () =>
  z.string(shardRule).check(
    z.refine((shard) => {
      const [, index, total] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
      return index !== undefined && Number(index) < Number(total);
    }, shardRule),
  );

/** SSH host keys, as people write their fingerprints. */
export const hostKeys = () =>
  pins(sshFingerprint, (pin) =>
    /^[A-Za-z0-9+/]{43}=?$/.test(pin)
      ? 'must begin with SHA256:, as ssh-keygen -lf prints it'
      : 'must be an SSH host key: SHA256:… as ssh-keygen -lf prints it, or a whole public key line',
  );

/** TLS certificates, as people write their fingerprints. */
export const certificates = () =>
  pins(certificateFingerprint, (pin) =>
    pin.includes('-----BEGIN ')
      ? 'must be the fingerprint that openssl x509 -in certificate.pem -noout -fingerprint -sha256 prints'
      : 'must be the SHA-256 fingerprint of a certificate: 64 hex digits, with or without colons',
  );

function pins(read: (pin: string) => unknown, ruleFor: (pin: string) => string) {
  const error = ({ input }: { input?: unknown }): string => ruleFor(String(input));
  const pin = z.string({ error }).check(z.refine((one) => read(one) !== undefined, { error }));
  return z.array(pin, { error });
}

const urlOf = (value: string): URL | undefined =>
  URL.canParse(value) ? new URL(value) : undefined;

function isApiUrl(value: string): boolean {
  const url = urlOf(value);
  // The parsed URL does not show an empty query or fragment.
  if (!url || url.username || url.password || /[?#]/.test(value)) return false;
  if (url.pathname !== '/') return false;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}
