const ADJECTIVES = `ample brisk calm daring eager fabled gentle honest inland jolly keen lively
mellow nimble oblique patient quaint rustic speak tidy upbeat vivid wistful young zesty absent
bronze cosmic dapper earnest festive golden humble idle jaunty kindly lucid modest noble
open`.split(/\s+/);
const NOUNS = `anchor basin canyon dropsy ember fathom glacier harbor inkwell juniper kettle lagoon
meadow nectar orchard pebble quarry ripple saddle thicket umbrella valley willow yonder zephyr
acorn beacon cinder delta estuary fern grotto hollow island jetty knoll lantern mosaic nook
oasis`.split(/\s+/);

/**
 * A two-word connection ID in Fivetran's style. The same number always yields the same ID.
 * @param {number} number counted from 1
 */
export function idOf(number) {
  const total = ADJECTIVES.length * NOUNS.length;
  // 7919 is coprime to the total: consecutive IDs look unrelated, and none repeats within it.
  const index = (number * 7919) % total;
  const words = `${ADJECTIVES[index % ADJECTIVES.length]}_${NOUNS[Math.floor(index / ADJECTIVES.length)]}`;
  return number < total ? words : `${words}_${Math.floor(number / total)}`;
}
