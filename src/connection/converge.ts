import type { Clock } from '../fivetran/clock.ts';
import { FivetranError } from '../fivetran/errors.ts';
import type { Wish } from '../inputs/fields.ts';
import { absent } from './absent.ts';
import { applyOnFailedTests } from './aftermath.ts';
import { present } from './present.ts';
import type { Progress, Tools } from './progress.ts';
import { rehearse } from './rehearse.ts';
import { failedTests } from './setup-tests.ts';
import { waitForSync } from './sync.ts';

/**
 * Brings one connection to what the wish says, however often it is called; `tools.progress` then
 * says what became of it. The sync that a wish may ask for comes after: `syncAsWished`.
 *
 * @throws FivetranError, CancelledError when it can't be brought to its end
 */
export async function converge(wish: Wish, tools: Tools): Promise<void> {
  if (wish.dry_run) return rehearse(wish, tools);
  if (wish.state === 'absent') return absent(wish, tools);
  try {
    await present(wish, tools);
  } catch (error) {
    // Something after the failed tests was refused, and they have failed all the same.
    const settled = error instanceof FivetranError && setupFailed(tools.progress);
    if (settled) await applyOnFailedTests(wish, tools);
    throw error;
  }
  if (setupFailed(tools.progress)) await applyOnFailedTests(wish, tools);
}

/**
 * Starts the sync of a connection that converged, and waits for its end, when the wish says so.
 *
 * @throws FivetranError, CancelledError when there is no telling how it ended
 */
export async function syncAsWished(wish: Wish, tools: Tools, clock: Clock): Promise<void> {
  const { progress } = tools;
  const wished = wish.wait_for_sync && wish.state === 'present' && !wish.dry_run;
  const ready = progress.connection && progress.error === undefined && !setupFailed(progress);
  if (wished && ready) await waitForSync(wish, tools, clock);
}

const setupFailed = ({ connection }: Progress): boolean =>
  failedTests(connection).length > 0 || connection?.status.setup_state === 'broken';
