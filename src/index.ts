import * as core from '@actions/core';
import type { Progress } from './connection/progress.ts';
import { leftBehind } from './connection/verdict.ts';
import { systemClock } from './fivetran/clock.ts';
import { main } from './main.ts';
import { makeConsole } from './report/console.ts';
import { makeSecrets } from './report/secrets.ts';

const secrets = makeSecrets(core.setSecret);
const console = makeConsole(secrets);
const cancellation = new AbortController();
const open = new Set<Progress>();

// The tunnel to a proxy is made with what Node has deprecated; a user can do nothing about it.
process.noDeprecation = true;

// The runner cancels a step with SIGINT, then SIGTERM, and ends it 10 seconds after the first.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => cancellation.abort());
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => {
    for (const progress of open) console.line(leftBehind(progress));
    console.crash(error);
    process.exit(1);
  });
}

const { signal } = cancellation;
main({ clock: systemClock(signal), signal, secrets, console, open })
  .catch(console.crash)
  // What is still open, such as the socket of a proxy that never answered, has nothing left to say.
  .finally(() => process.exit());
