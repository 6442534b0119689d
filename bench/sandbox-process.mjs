// Runs a sandbox with the latency given as its argument, until its parent disconnects.
import { startSandbox } from '../test/sandbox/sandbox.mjs';

const { url, apiKey, apiSecret } = await startSandbox({
  services: 'any',
  latencyMs: Number(process.argv[2]),
});
process.send?.({ url, apiKey, apiSecret });
process.on('disconnect', () => process.exit());
