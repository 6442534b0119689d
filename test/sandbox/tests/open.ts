import { virtualClock } from '../../harness/virtual-clock.ts';
import { type SandboxOptions, startSandbox } from '../sandbox.mjs';
import { clientFor } from './client.mjs';

const opened: { close(): Promise<void> }[] = [];

/** The path of the connections endpoint. */
export const PATH = '/v1/connections';

/** A create request that the API accepts. */
export const BODY = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'a' } };

/** Starts a sandbox with a client for it. `closeAll` closes the sandbox. */
export async function open(options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  opened.push(sandbox);
  return { sandbox, call: clientFor(sandbox) };
}

/** Closes every open sandbox; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
}

/** A server's clock that starts at noon and moves only when told to. */
export function serverClock() {
  const clock = virtualClock();
  return {
    now: () => Date.UTC(2026, 0, 5, 12) + clock.now(),
    advance: (seconds: number) => clock.advance(seconds * 1000),
  };
}
