/**
 * Formats a time as Fivetran does: ISO 8601 in UTC with microseconds.
 * @param {number} ms since the epoch
 * @param {number} [micros] microseconds within the millisecond, 0 to 999
 */
export function timestamp(ms, micros = 456) {
  return new Date(ms).toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`);
}
