import { pluralize } from '../../text/format.ts';

/** What became of one connection of the group. */
type ExportedConnection = { name: string; id: string } & (
  | {
      kind: 'exported';
      service: string;
      setup_state: string | undefined;
      missing: readonly string[];
      warnings: readonly string[];
    }
  | { kind: 'unreadable'; error: string }
);

/** The end of an export. */
export type ExportReport = {
  /** The file, as the user wrote it. */
  path: string;
  group_id: string;
  entries: ExportedConnection[];
  /** The variables that the file refers to. */
  variables: readonly string[];
  /** Why there is no file. */
  error: string | undefined;
};

type Unreadable = Extract<ExportedConnection, { kind: 'unreadable' }>;

export const unreadable = ({ entries }: ExportReport): Unreadable[] =>
  entries.filter((entry) => entry.kind === 'unreadable');

/** The warnings, each with the name of its connection. */
export const warningsOf = ({ entries }: ExportReport): [string, string][] =>
  entries.flatMap((entry) =>
    entry.kind === 'exported'
      ? entry.warnings.map((text): [string, string] => [entry.name, text])
      : [],
  );

/** The end of an export as one or two sentences. */
export function sentenceOf(report: ExportReport): string {
  const { path, group_id, entries, error } = report;
  if (error !== undefined) return `Nothing was exported from group ${group_id}. ${error}`;
  const missing = unreadable(report).length;
  const written = pluralize(entries.length - missing, 'connection');
  const done = `Exported ${written} of group ${group_id} to ${path}.`;
  return missing > 0
    ? `${done} ${pluralize(missing, 'connection')} could not be read and ${missing === 1 ? 'is' : 'are'} not in the file.`
    : done;
}
