import { truncate } from '../../text/format.ts';
import { sizeOf } from '../markup/fit.ts';
import type { EntryReport } from './entry.ts';

/** Bytes of the output `connections`. */
const maxBytes = 900_000;

type EntryOutput = Pick<
  EntryReport,
  'connection_id' | 'result' | 'setup_state' | 'failed_tests'
> & { error: string | null };

/** Ways to write an entry, each shorter than the one before. */
const forms: ((entry: EntryOutput) => EntryOutput)[] = [
  (entry) => entry,
  (entry) => ({ ...entry, failed_tests: entry.failed_tests.map(withoutDetails) }),
  (entry) => ({ ...entry, failed_tests: [], error: entry.error && truncate(entry.error, 200) }),
  (entry) => ({ ...entry, failed_tests: [], error: entry.error && truncate(entry.error, 30) }),
];

/**
 * The output `connections`: a JSON object by name, of bounded size. Long texts are left out first;
 * of entries that still do not fit, the failed ones stay.
 */
export function connectionsOutput(reports: readonly EntryReport[]): string {
  for (const form of forms) {
    const json = jsonOf(reports, form);
    if (sizeOf(json) <= maxBytes) return json;
  }
  const shortest = forms.at(-1) ?? ((entry: EntryOutput) => entry);
  const failedFirst = [...reports].sort((a, b) => rank(a) - rank(b));
  let size = 2;
  const kept = failedFirst.filter((report) => {
    size += sizeOf(jsonOf([report], shortest));
    return size <= maxBytes;
  });
  return jsonOf(kept, shortest);
}

const rank = ({ grade }: EntryReport): number => (grade === 'failed' ? 0 : 1);

const jsonOf = (
  reports: readonly EntryReport[],
  form: (entry: EntryOutput) => EntryOutput,
): string =>
  JSON.stringify(
    Object.fromEntries(
      reports.map(({ name, connection_id, result, setup_state, failed_tests, error }) => [
        name,
        form({ connection_id, result, setup_state, failed_tests, error: error || null }),
      ]),
    ),
  );

const withoutDetails = ({ title, status, message }: EntryReport['failed_tests'][number]) => ({
  title: truncate(title, 100),
  status: truncate(status, 100),
  message: truncate(message, 100),
  details: undefined,
});
