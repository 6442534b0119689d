import type { SandboxOptions } from '../sandbox/sandbox.mjs';
import type { StepRun } from './step.ts';

/** Defaults for manifests in tests that do not depend on them. */
const defaults = {
  group_id: 'decent_dropsy',
  service: '15five',
  destination_schema_names: 'FIVETRAN_NAMING',
};

/** A manifest of these entries, each with its own name as the schema. */
export const manifestOf = (entries: Record<string, Record<string, unknown>>) => ({
  defaults,
  connections: Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, { config: { schema: name }, ...entry }]),
  ),
});

/** A manifest with `count` connections: `source_1`, `source_2` and so on. */
export const manifestOfSize = (count: number) =>
  manifestOf(
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`source_${at + 1}`, {}])),
  );

/** Gives each connection the scenario of its schema; the others are connected. */
export const scenariosBySchema =
  (scenarios: Record<string, string>): NonNullable<SandboxOptions['scenarioFor']> =>
  ({ config }) =>
    scenarios[String((config as { schema?: string } | undefined)?.schema)];

/** The outcome of each connection, from the output `connections`. */
export type EntryOutputs = Record<
  string,
  {
    connection_id: string;
    result: string;
    setup_state: string;
    failed_tests: { title: string; status: string; message: string; details?: unknown }[];
    error: string | null;
  }
>;

export const entriesOf = ({ outputs }: Pick<StepRun, 'outputs'>): EntryOutputs =>
  JSON.parse(outputs.connections ?? '{}');

/** The result of each connection by its name, with `failed` before it when there is an error. */
export const resultsOf = (run: Pick<StepRun, 'outputs'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entriesOf(run)).map(([name, { result, error }]) => [
      name,
      error ? `failed ${result}`.trim() : result,
    ]),
  );
