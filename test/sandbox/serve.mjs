import { startSandbox } from './sandbox.mjs';

const [scenario = 'connected'] = process.argv.slice(2);
const { url, apiKey, apiSecret } = await startSandbox({ scenario, log: console.log });
console.log(`Sandbox (scenario ${scenario}) listening on ${url}`);
console.log(`API key ${apiKey}, API secret ${apiSecret}`);
