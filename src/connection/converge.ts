import type { Clock } from '../fivetran/clock.ts';
import type { Wish } from '../inputs/fields.ts';
import { absent } from './absent.ts';
import { applyOnFailedTests } from './aftermath.ts';
import { present } from './present.ts';
import type { Tools } from './progress.ts';
import { rehearse } from './rehearse.ts';
import { failedTests } from './setup-tests.ts';
import { waitForSync } from './sync.ts';

/**
 * Brings one connection to what the wish says, however often it is called; `tools.progress` then
 * says what became of it.
 *
 * @throws FivetranError, CancelledError when it can't be brought to its end
 */
export async function converge(wish: Wish, tools: Tools, clock: Clock): Promise<void> {
  if (wish.dry_run) return rehearse(wish, tools);
  if (wish.state === 'absent') return absent(wish, tools);
  await present(wish, tools);
  const { connection } = tools.progress;
  if (failedTests(connection).length > 0 || connection?.status.setup_state === 'broken') {
    return applyOnFailedTests(wish, tools);
  }
  if (wish.wait_for_sync) await waitForSync(wish, tools, clock);
}
