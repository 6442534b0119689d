import * as core from '@actions/core';
import { systemClock } from './fivetran/clock.ts';
import { InputError } from './inputs/problem.ts';
import { main } from './main.ts';
import { makeConsole } from './report/console.ts';
import { makeSecrets } from './report/secrets.ts';

const secrets = makeSecrets(core.setSecret);
const console = makeConsole(secrets);
const cancellation = new AbortController();

main({
  clock: systemClock(cancellation.signal),
  signal: cancellation.signal,
  secrets,
  console,
}).catch(fail);

/** Whatever went wrong is a failed step with a sentence; the stack is for debugging. */
function fail(error: unknown): void {
  console.fail(error instanceof Error ? error.message : String(error));
  if (error instanceof Error && !(error instanceof InputError)) console.debug(error.stack ?? '');
}
