/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

/** Scenarios in which a sync doesn't simply start and succeed. */
export const syncOutcomes = /** @satisfies {Record<string, Scenario>} */ ({
  'sync-fails': { description: 'the setup tests pass, but the sync fails', sync: 'fails' },
  'sync-never-ends': {
    description: 'the setup tests pass, but the sync never ends',
    sync: 'never-ends',
  },
  'sync-already-running': {
    description: "a sync of Fivetran's own is running when the step wants to start one",
    startsSyncing: true,
  },
  'sync-rescheduled': {
    description: 'the first sync is rescheduled, the next one succeeds',
    sync: 'rescheduled',
  },
  'sync-cancelled': {
    description: 'the sync is cancelled: it ends without a result',
    sync: 'cancelled',
  },
  'sync-breaks': {
    description: 'the connection breaks during the sync',
    sync: 'breaks',
  },
  'broken-until-sync': {
    description: 'the tests pass, but the connection stays broken until a sync succeeds',
    setupState: ({ stored }) => (stored.succeeded_at === null ? 'broken' : 'connected'),
    sync: 'repairs',
  },
  'stale-pause': {
    description: 'an unpaused connection is still shown as paused for two reads',
    staleAfterUnpause: 2,
  },
});
