import { startSandbox } from './sandbox.mjs';

const [scenario = 'connected'] = process.argv.slice(2);
const { url, apiKey, apiSecret } = await startSandbox({ scenario, log: console.log });
console.log(`A Fivetran API, scenario ${scenario}, is at ${url} for ${apiKey}:${apiSecret}`);
