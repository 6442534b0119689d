import { type Sandbox, type SandboxOptions, type Seed, startSandbox } from '../sandbox/sandbox.mjs';
import { closeAtEnd } from './cleanup.ts';
import { BEGIN } from './virtual-clock.ts';

export { BEGIN } from './virtual-clock.ts';

/** A time on the server's clock, as Fivetran formats it. */
export const timestampAt = (sinceBeginMs: number): string =>
  new Date(BEGIN + sinceBeginMs).toISOString().replace('Z', '456Z');

/** A sandbox for several steps, closed at the end of the test file. */
export const openSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> =>
  closeAtEnd(await startSandbox(options));

/** A connection with the name of the plain inputs that exists before the step begins. */
export const existing = (more: Record<string, unknown> = {}) => ({
  id: 'crm_id',
  service: '15five',
  config: { schema: 'crm' },
  ...more,
});

/**
 * The connections of a group, by id, for the sandbox's option `connections`. A connection has its id
 * as its name unless its config has naming fields.
 */
export const groupOf = (connections: Record<string, Seed>, group_id = 'decent_dropsy'): Seed[] =>
  Object.entries(connections).map(([id, seed]) => {
    const isNamed = ['schema', 'schema_prefix'].some((field) => seed.config?.[field] !== undefined);
    return { id, group_id, ...(!isNamed && { schema: id }), ...seed };
  });

/** The inputs that connect a step to a sandbox. */
export const credentialsFor = ({
  url: api_url,
  apiKey: api_key,
  apiSecret: api_secret,
}: Pick<Sandbox, 'url' | 'apiKey' | 'apiSecret'>) => ({ api_url, api_key, api_secret });
