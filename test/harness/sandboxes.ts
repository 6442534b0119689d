import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.mjs';
import { closeAtEnd } from './cleanup.ts';

/** When a step with a virtual clock begins, by an exact server's clock: within a second, as mostly. */
export const BEGIN = Date.UTC(2026, 0, 5, 12, 0, 0, 250);

/** A time by an exact server's clock, as Fivetran writes it. */
export const timestampAt = (sinceBeginMs: number): string =>
  new Date(BEGIN + sinceBeginMs).toISOString().replace('Z', '456Z');

/** A sandbox for several steps; the end of the test file closes it. */
export const openSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> =>
  closeAtEnd(await startSandbox(options));

/** A connection with the name of the plain inputs that exists before the step begins. */
export const existing = (more: Record<string, unknown> = {}) => ({
  id: 'crm_id',
  service: '15five',
  config: { schema: 'crm' },
  ...more,
});

/** What a sandbox is asked as, in inputs of a step. */
export const credentialsFor = ({
  url: api_url,
  apiKey: api_key,
  apiSecret: api_secret,
}: Pick<Sandbox, 'url' | 'apiKey' | 'apiSecret'>) => ({ api_url, api_key, api_secret });
