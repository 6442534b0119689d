import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { declaredInputs } from '../runner/action-metadata.mjs';
import { evaluate } from '../runner/prepare-step.mjs';
import type { StepResult } from '../runner/runner.mjs';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.mjs';
import { temporaryFolder } from './cleanup.ts';
import { shortName } from './requests.ts';
import { credentialsFor } from './sandboxes.ts';

/** A step of a workflow; the sandbox's address and key pair are filled in. */
export type Step = {
  /** Inputs in addition to the plain ones. Mappings become JSON; '' removes an input. */
  inputs?: Record<string, unknown>;
  env?: Record<string, string>;
  /** The content of `manifest.yml`: text, or data that becomes JSON. Replaces the plain inputs. */
  manifest?: string | Uint8Array | object;
  /** The webhook event that started the workflow. */
  event?: unknown;
};

/** Fivetran as the step sees it. */
export type World = SandboxOptions & {
  /** A sandbox shared by several steps; by default, each step gets a new one. */
  sandbox?: Sandbox;
  /** Prepares the sandbox before the first request. */
  prepare?: (sandbox: Sandbox) => void;
};

/** The result of a step, and the requests that Fivetran received. */
export type StepRun = StepResult & {
  sandbox: Sandbox;
  requests: Sandbox['requests'];
  /** The short names of the requests, in order. */
  sent: string[];
  /** The connections that exist after the step, and their ids. */
  connections: Record<string, unknown>[];
  ids: string[];
  /** Everything a person can read: the log without mask commands, and the summary. */
  printed: string;
};

/** Inputs that create a connection, for tests that do not depend on them. */
export const plainInputs = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: { schema: 'crm' },
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** The inputs of a step as the runner passes them on: text, with the defaults of action.yml. */
export function inputTexts(
  { inputs, manifest }: Step,
  sandbox: Pick<Sandbox, 'url' | 'apiKey' | 'apiSecret'>,
): Record<string, string> {
  const plain = manifest === undefined ? plainInputs : { manifest: 'manifest.yml' };
  const given = Object.entries({ ...credentialsFor(sandbox), ...plain, ...inputs });
  const unknown = given.find(([name]) => !defaultInputs.has(name));
  if (unknown) throw new RangeError(`action.yml declares no input '${unknown[0]}'`);
  const texts = given.map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? ''),
  ]);
  return { ...Object.fromEntries(defaultInputs), ...Object.fromEntries(texts) };
}

const defaultInputs = new Map(
  declaredInputs(new URL('../../action.yml', import.meta.url)).map((declared) => [
    declared.name,
    evaluate(declared.default),
  ]),
);

/** A workspace with one file; data becomes JSON, which is also YAML. */
export function workspaceWith(
  content: string | Uint8Array | object,
  file = 'manifest.yml',
): string {
  const workspace = temporaryFolder();
  mkdirSync(dirname(join(workspace, file)), { recursive: true });
  const isFinal = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(join(workspace, file), isFinal ? content : JSON.stringify(content, null, 2));
  return workspace;
}

/** Adds to the result of a step what the sandbox recorded since the earlier requests. */
export function seenBy(sandbox: Sandbox, earlierRequests: number, result: StepResult): StepRun {
  const requests = sandbox.requests.slice(earlierRequests);
  const { connections } = sandbox;
  return {
    ...result,
    sandbox,
    requests,
    sent: requests.map(shortName),
    connections,
    ids: connections.map(({ id }) => String(id)),
    printed: result.log.replace(/^::add-mask::.*$/gm, '') + result.summary,
  };
}
