// A Fivetran API on a fixed port, for the end-to-end workflow: node sandbox.mjs PORT SCENARIO
import { startSandbox } from '../../test/sandbox/sandbox.mjs';

const [port, scenario] = process.argv.slice(2);
await startSandbox({
  port: Number(port),
  ...(scenario === undefined ? {} : { scenario }),
  apiKey: process.env.FIVETRAN_APIKEY ?? '',
  apiSecret: process.env.FIVETRAN_APISECRET ?? '',
});
