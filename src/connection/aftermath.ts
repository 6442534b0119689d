import { FivetranError, UnansweredError } from '../fivetran/errors.ts';
import type { Wish } from '../inputs/fields.ts';
import { remove } from './absent.ts';
import { learn, type Tools } from './progress.ts';

/**
 * Does with a connection that this step created, and whose setup failed, what `on_failed_tests` says.
 * When that can't be done it is told, and the connection stays.
 */
export async function applyOnFailedTests(wish: Wish, tools: Tools): Promise<void> {
  const { fivetran, progress, say } = tools;
  const { connection } = progress;
  if (!connection || !progress.made || wish.on_failed_tests === 'keep') return;
  const { id } = connection;
  const tell = (remark: string): void => {
    progress.remarks.push(remark);
    say(remark);
  };
  try {
    if (wish.on_failed_tests === 'pause') {
      learn(progress, await fivetran.update(id, { paused: true, run_setup_tests: false }));
      tell(`Connection ${id} was paused, as on_failed_tests says.`);
    } else {
      await remove(id, tools);
      progress.result = 'deleted';
      tell(`Connection ${id} was deleted again, as on_failed_tests says.`);
    }
  } catch (error) {
    if (!(error instanceof FivetranError)) throw error;
    const what = `on_failed_tests: ${wish.on_failed_tests}`;
    const fate =
      error instanceof UnansweredError
        ? `it is not known whether ${what} was carried out`
        : `${what} was not carried out`;
    tell(`${error.message} So ${fate}.`);
  }
}
