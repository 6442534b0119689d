import { jest } from '@jest/globals';
import { runAction, type StepResult } from '../sandbox/runner.mjs';
import { type SandboxOptions, startSandbox } from '../sandbox/sandbox.mjs';

// A step starts a process, which may take long on a busy machine.
jest.setTimeout(60_000);

/** What `with:` and `env:` say; the sandbox's address and key pair are filled in. */
export type StepOf = {
  inputs?: Record<string, string | number | boolean>;
  env?: Record<string, string>;
};

/** What a step left behind, and what the API saw of it. */
export type Ran = StepResult & {
  requests: { method: string; path: string; headers: Record<string, unknown>; body: unknown }[];
  connections: Record<string, unknown>[];
};

/** The inputs with which a step makes a connection, where a test does not care. */
export const plainInputs = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: 'schema: crm',
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** The body of the request that these inputs make. */
export const plainBody = { ...plainInputs, config: { schema: 'crm' } };

/** Runs the action against a sandbox of its own. An input of '' is one that is not given. */
export async function runStep(
  { inputs, env = {} }: StepOf = {},
  options: SandboxOptions = {},
): Promise<Ran> {
  const sandbox = await startSandbox(options);
  try {
    const { url: api_url, apiKey: api_key, apiSecret: api_secret, requests } = sandbox;
    const all = { api_url, api_key, api_secret, ...plainInputs, ...inputs };
    const result = await runAction({ inputs: all, env });
    return { ...result, requests, connections: sandbox.connections };
  } finally {
    await sandbox.close();
  }
}

/** What the step asked the API for, in order. */
export const sent = ({ requests }: Ran): string[] =>
  requests.map(({ method, path }) => `${method} ${path}`);

/** The annotations of a level, the one that fails the step last. */
export const annotated = ({ annotations }: Ran, level: 'error' | 'warning' | 'notice') =>
  annotations
    .filter((one) => one.level === level)
    .map(({ title, message }) => (title ? `${title}: ${message}` : message));

/** An answer to the create request that no scenario gives; the connection is made all the same. */
export const answering = (data: object): SandboxOptions => ({
  faults: [
    {
      method: 'POST',
      path: '/v1/connections',
      kind: 'status',
      status: 201,
      when: 'after',
      body: { code: 'Success', data: { id: 'open_mosaic', ...data } },
    },
  ],
});

/** Everything of a step that people or later steps can see, decoded; the masks themselves apart. */
export function visible({ log, annotations, outputs, summary }: Ran): string {
  const { connect_card_uri: _, ...shown } = outputs;
  const lines = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  const said = annotations.flatMap(({ title, message }) => [title, message]);
  return [...lines, ...said, ...Object.entries(shown).flat(), summary].join('\n');
}

/** What of a secret can be seen; a list, so that a failure shows it and not the whole step. */
export const glimpses = (ran: Ran, part: RegExp): string[] => visible(ran).match(part) ?? [];
