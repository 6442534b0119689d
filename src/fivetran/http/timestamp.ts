const iso =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(?:Z|([+-])(\d{2}):?(\d{2}))?$/;

/**
 * Reads an ISO 8601 timestamp, to milliseconds since the epoch and fractions of one. Without a
 * zone it is in UTC, never in the runner's zone. Undefined for anything else, and for dates that
 * do not exist.
 */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = iso.exec(text ?? '');
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const [fraction = '.0', sign, zoneHours = 0, zoneMinutes = 0] = match.slice(7);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const written = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}.000Z`;
  // Date.UTC carries over what is too large: 30 February would be 2 March.
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== written) return undefined;
  const offsetMinutes = Number(zoneHours) * 60 + Number(zoneMinutes);
  return utc + Number(`0${fraction}`) * 1000 - (sign === '-' ? -1 : 1) * offsetMinutes * 60_000;
}

/**
 * Reads a date in an HTTP header (RFC 9110, section 5.6.7), to milliseconds since the epoch. All
 * of its forms are in UTC, also those that do not say so. Undefined for anything else.
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  const date = text?.trim() ?? '';
  if (!/^[A-Za-z]{3}/.test(date)) return undefined;
  const hasZone = /(GMT|UTC|Z|[+-]\d{2}:?\d{2})$/i.test(date);
  const parsed = Date.parse(hasZone ? date : `${date} GMT`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The last moment that a Date can express. */
const latest = 8.64e15;

/** A time of day, from milliseconds since the epoch, rounded up to the minute: `14:05 UTC`. */
export const utcTime = (ms: number): string =>
  `${new Date(Math.min(Math.ceil(ms / 60_000) * 60_000, latest)).toISOString().slice(-13, -8)} UTC`;
