import * as core from '@actions/core';
import type { State } from './connection/state.ts';
import { systemClock } from './fivetran/clock.ts';
import { main } from './main.ts';
import { makeStepLog } from './report/log.ts';
import { lastKnown } from './report/verdict.ts';
import { makeRedactor } from './secrets/redactor.ts';

const secrets = makeRedactor(core.setSecret);
const console = makeStepLog(secrets);
const cancellation = new AbortController();
const open = new Set<State>();

// The tunnel to a proxy is made with what Node has deprecated; a user can do nothing about it.
process.noDeprecation = true;

// The runner cancels a step with SIGINT, then SIGTERM, and ends it 10 seconds after the first.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => cancellation.abort());
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => {
    for (const state of open) console.line(lastKnown(state));
    console.crash(error);
    process.exit(1);
  });
}

const { signal } = cancellation;
main({ clock: systemClock(signal), signal, secrets, console, open })
  .catch(console.crash)
  // What is still open, such as the socket of a proxy that never answered, has nothing left to say.
  .finally(() => process.exit());
