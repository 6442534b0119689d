const ADJECTIVES = `ample brisk calm daring eager fabled gentle honest inland jolly keen lively
mellow nimble oblique patient quaint rustic speak tidy upbeat vivid wistful young zesty absent
bronze cosmic dapper earnest festive golden humble idle jaunty kindly lucid modest noble
open`.split(/\s+/);
const NOUNS = `anchor basin canyon dropsy ember fathom glacier harbor inkwell juniper kettle lagoon
meadow nectar orchard pebble quarry ripple saddle thicket umbrella valley willow yonder zephyr
acorn beacon cinder delta estuary fern grotto hollow island jetty knoll lantern mosaic nook
oasis`.split(/\s+/);

/**
 * An id in Fivetran's manner, two words; the same number always gives the same id.
 * @param {number} number counted from 1
 */
export function idOf(number) {
  const total = ADJECTIVES.length * NOUNS.length;
  // 7919 shares no factor with the total: neighbours look unlike and none repeats within it.
  const spot = (number * 7919) % total;
  const words = `${ADJECTIVES[spot % ADJECTIVES.length]}_${NOUNS[Math.floor(spot / ADJECTIVES.length)]}`;
  return number < total ? words : `${words}_${Math.floor(number / total)}`;
}

/** The fields of `config` that name the destination schema, and so may be sent on create only. */
export const NAMING_FIELDS = ['schema', 'schema_prefix', 'table', 'table_group_name'];

/**
 * The name of a connection that `config` asks for.
 * @param {Record<string, unknown>} config
 * @returns {string | undefined} undefined when it asks for none
 */
export function nameFrom(config) {
  const { schema, schema_prefix: prefix, table, table_group_name: tableGroup } = config;
  if (typeof prefix === 'string' && prefix !== '') return prefix;
  if (typeof schema !== 'string' || schema === '') return undefined;
  const rest = [table, tableGroup].find((part) => typeof part === 'string' && part !== '');
  return rest === undefined ? schema : `${schema}.${rest}`;
}

/**
 * A name for a connection that was given none, free in its group.
 * @param {string} service
 * @param {(name: string) => boolean} isTaken
 */
export function generatedName(service, isTaken) {
  let name = service;
  for (let number = 2; isTaken(name); number += 1) name = `${service}_${number}`;
  return name;
}
