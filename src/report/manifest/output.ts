import { truncate } from '../../text/format.ts';
import { boundedNote, boundItems, boundLines } from '../channels/bounded.ts';
import { emptyOutputs, outputBytes, type StepOutputs } from '../channels/outputs.ts';
import type { TestReport } from '../channels/test-report.ts';
import { planOfAll } from '../verdict/plan.ts';
import type { EntryReport } from './entry.ts';

/** Bytes of the output `connections`. */
const connectionsBytes = 900_000;

/** An entry as the output `connections` reports it. */
type EntryOutput = Pick<
  EntryReport,
  'name' | 'connection_id' | 'result' | 'setup_state' | 'failed_tests'
> & { plan: EntryReport['plan'] | null; error: string | null };

/** Ways to shorten an entry, each shorter than the one before. */
const forms: ((entry: EntryOutput) => EntryOutput)[] = [
  (entry) => withTests(entry, 1000),
  (entry) => withError(withTests(entry, 500), 500),
  (entry) => withError(withTests(entry, 100), 200),
  (entry) => withError({ ...entry, failed_tests: [] }, 200),
  (entry) => withError({ ...entry, failed_tests: [] }, 30),
];

/**
 * The outputs of a manifest: `connections`, a JSON object by name, the plan of the whole dry run,
 * and the changes of all entries.
 *
 * @param error why the step failed; empty when it did not
 */
export function manifestOutputs(reports: readonly EntryReport[], error: string): StepOutputs {
  const changes = boundLines(
    reports.flatMap((report) => report.changes.map((change) => `${report.name}: ${change}`)),
    outputBytes,
  );
  const connections = boundItems(reports.map(entryOutput), {
    limit: connectionsBytes,
    forms,
    isVital: (entry) => entry.error !== null,
  });
  const byName = connections.items.map(({ name, ...entry }) => [name, entry]);
  return {
    outputs: {
      ...emptyOutputs,
      connections: JSON.stringify(Object.fromEntries(byName)),
      plan: planOfAll(reports.map(({ plan }) => plan)) ?? '',
      changes: changes.items.join('\n'),
      error,
    },
    notes: [
      ...boundedNote('connections', 'connection', connections),
      ...boundedNote('changes', 'change', changes),
    ],
  };
}

const entryOutput = (report: EntryReport): EntryOutput => {
  const { name, connection_id, result, plan, setup_state, failed_tests, error } = report;
  return {
    ...{ name, connection_id, result, plan: plan ?? null, setup_state, failed_tests },
    error: error || null,
  };
};

/** The entry without its tests' details, and with messages of at most this many characters. */
const withTests = (entry: EntryOutput, length: number): EntryOutput => ({
  ...entry,
  failed_tests: entry.failed_tests.map(
    ({ title, status, message }): TestReport => ({
      title,
      status,
      message: truncate(message, length),
    }),
  ),
});

const withError = (entry: EntryOutput, length: number): EntryOutput => ({
  ...entry,
  error: entry.error && truncate(entry.error, length),
});
