import { createRuntime, main, systemHost } from './main.ts';
import { lastKnown } from './report/verdict/known-state.ts';
import { joined } from './text/format.ts';

// The proxy tunnel uses a deprecated Node.js API. The warning would not help a user.
process.noDeprecation = true;

const cancellation = new AbortController();
const runtime = createRuntime(systemHost(cancellation.signal));
const { log, open } = runtime;

// The runner cancels a step with SIGINT, then SIGTERM, and kills it 10 seconds after the first.
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => cancellation.abort());
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => {
    crash(error);
    exit();
  });
}

main(runtime).catch(crash).finally(exit);

/** Fails the step, and logs the last known state of each connection in progress. */
function crash(error: unknown): void {
  for (const state of open) log.info(lastKnown(state));
  const { message, hint } = log.failureOf(error);
  log.fail(joined(message, hint));
}

/**
 * Ends the process once everything written has left it. Whatever is still open, such as the socket
 * of a proxy that never responded, would keep it running.
 */
function exit(): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
