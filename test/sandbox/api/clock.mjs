/**
 * A moment as Fivetran writes it: ISO 8601 in UTC with microseconds.
 * @param {number} ms since the epoch
 * @param {number} [micros] 0…999, beyond the millisecond
 */
export function timestamp(ms, micros = 456) {
  return new Date(ms).toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`);
}
