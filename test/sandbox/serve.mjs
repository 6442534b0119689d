// Serves the sandbox until it is stopped: node test/sandbox/serve.mjs [SCENARIO] [PORT]. The key pair
// comes from FIVETRAN_APIKEY and FIVETRAN_APISECRET where they are set.
import { startSandbox } from './sandbox.mjs';

const [scenario = 'connected', port = '0'] = process.argv.slice(2);
const { FIVETRAN_APIKEY, FIVETRAN_APISECRET } = process.env;
const { url, apiKey, apiSecret } = await startSandbox({
  scenario,
  port: Number(port),
  ...(FIVETRAN_APIKEY && { apiKey: FIVETRAN_APIKEY }),
  ...(FIVETRAN_APISECRET && { apiSecret: FIVETRAN_APISECRET }),
  log: console.log,
});
console.log(`Sandbox (scenario ${scenario}) listening on ${url}`);
console.log(`API key ${apiKey}, API secret ${FIVETRAN_APISECRET ? '***' : apiSecret}`);
