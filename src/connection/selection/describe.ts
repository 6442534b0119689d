import { pluralize } from '../../text/format.ts';
import type { SelectionCounts } from '../results.ts';
import type { SelectionChange } from './diff.ts';
import { dotted, levelOf } from './path.ts';

/** How many changes of a kind are listed before the remaining ones are counted. */
const maxListed = 20;

/** What changes do, one sentence each; of the same kind, only the first are listed. */
export function describeChanges(changes: readonly SelectionChange[]): string[] {
  const kinds = new Map<string, SelectionChange[]>();
  for (const change of changes) {
    const { path, field, to } = change;
    const kind = `${path.length} ${field} ${to}`;
    const alike = kinds.get(kind);
    if (alike) alike.push(change);
    else kinds.set(kind, [change]);
  }
  return [...kinds.values()].flatMap((alike) => {
    const sentences = alike.slice(0, maxListed).map(describeChange);
    const more = alike.length - maxListed;
    const [first] = alike;
    return more > 0 && first
      ? [...sentences, `${verb(first)} ${pluralize(more, `more ${levelOf(first.path)}`)}.`]
      : sentences;
  });
}

function describeChange(change: SelectionChange): string {
  const { path, field, from } = change;
  const isText = field === 'sync_mode' || field === 'schema_change_handling';
  const now = isText && from !== undefined ? ` (now ${from})` : '';
  return `${verb(change)}${path.length > 0 ? ` ${dotted(path)}` : ''}${now}.`;
}

function verb({ field, to }: SelectionChange): string {
  switch (field) {
    case 'enabled':
      return to ? 'Enable' : 'Disable';
    case 'hashed':
      return to ? 'Hash' : 'Stop hashing';
    case 'sync_mode':
    case 'is_primary_key':
      return `Set ${field} ${to} for`;
    case 'schema_change_handling':
      return `Set schema_change_handling to ${to}`;
    default:
      return field satisfies never;
  }
}

/** The counts of a tree: `1 schema enabled, 2 disabled; 3 tables enabled, 40 disabled`. */
export function describeSelection({ schemas, tables, columns, hashed }: SelectionCounts): string {
  const both = (noun: string, { enabled, disabled }: { enabled: number; disabled: number }) =>
    `${pluralize(enabled, noun)} enabled, ${disabled} disabled`;
  const counts = [both('schema', schemas), both('table', tables)];
  // Fivetran lists the columns that were ever set; the others sync.
  if (columns.enabled + columns.disabled > 0) {
    counts.push(`${both('known column', columns)}, ${hashed} hashed`);
  }
  return counts.join('; ');
}
