import { runAction, type StepResult } from '../sandbox/runner.mjs';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.mjs';

/** A step, and the Fivetran that it meets. */
export type Scene = SandboxOptions & {
  /** What `with:` says beside or instead of the usual; mappings may be given as they are. */
  inputs?: Record<string, unknown>;
  env?: Record<string, string>;
  /** One sandbox for several steps, which the caller closes; a fresh one when left out. */
  sandbox?: Sandbox;
};

/** What a step left behind, and what Fivetran saw of it. */
export type Played = StepResult & {
  sandbox: Sandbox;
  requests: Sandbox['requests'];
  /** The requests in order, in short. */
  sent: string[];
  /** The ids of the connections that exist now. */
  ids: string[];
  /** All that a person can read: the log without the commands that set masks, and the summary. */
  printed: string;
};

const USUAL = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { schema: 'crm', api_key: 'key-of-the-source' },
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** A connection with the usual name, there before the step; `more` says what is unusual about it. */
export const existing = (more: Record<string, unknown> = {}) => ({
  id: 'crm_id',
  service: '15five',
  config: { schema: 'crm' },
  ...more,
});

/** Runs the action's bundle as a step against a sandbox. */
export async function act({ inputs = {}, env = {}, sandbox, ...options }: Scene): Promise<Played> {
  const place = sandbox ?? (await startSandbox(options));
  const before = place.requests.length;
  const { url: api_url, apiKey: api_key, apiSecret: api_secret } = place;
  const all = { api_url, api_key, api_secret, ...USUAL, ...inputs };
  const given = Object.entries(all).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value ?? ''),
  ]);
  const result = await runAction({ inputs: Object.fromEntries(given), env });
  if (!sandbox) await place.close();
  const requests = place.requests.slice(before);
  return {
    ...result,
    sandbox: place,
    requests,
    sent: requests.map(shortName),
    ids: place.connections.map(({ id }) => String(id)),
    printed: result.log.replace(/^::add-mask::.*$/gm, '') + result.summary,
  };
}

/** The bodies of the requests of one kind, in order. */
export const bodies = (requests: Sandbox['requests'], name: string): unknown[] =>
  requests.filter((request) => shortName(request) === name).map(({ body }) => body);

const one = '/v1/connections/[^/]+';
const names: [RegExp, string][] = [
  [/^POST \/v1\/connections$/, 'create'],
  [/^GET \/v1\/connections$/, 'look up'],
  [new RegExp(`^GET ${one}$`), 'read'],
  [new RegExp(`^PATCH ${one}$`), 'patch'],
  [new RegExp(`^DELETE ${one}$`), 'delete'],
  [new RegExp(`^POST ${one}/test$`), 'test'],
  [new RegExp(`^POST ${one}/fingerprints$`), 'approve key'],
  [new RegExp(`^POST ${one}/certificates$`), 'approve certificate'],
  [new RegExp(`^POST ${one}/sync$`), 'sync'],
  [new RegExp(`^POST ${one}/connect-card$`), 'connect card'],
  [/^GET \/v1\/groups\//, 'group'],
  [/^GET \/v1\/metadata\//, 'metadata'],
];

/** What a request is for, in a word or two. */
export function shortName({ method, path }: { method: string; path: string }): string {
  const request = `${method} ${path}`;
  return names.find(([pattern]) => pattern.test(request))?.[1] ?? request;
}
