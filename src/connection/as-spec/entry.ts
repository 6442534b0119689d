import type { FivetranClient } from '../../fivetran/client.ts';
import { type FivetranError, RefusedError } from '../../fivetran/http/errors.ts';
import type { SelectedItems } from '../../inputs/selection.ts';
import type { SchemaChangeHandling } from '../../inputs/spec.ts';
import { byCodeUnit } from '../../text/format.ts';
import { isMapping, type Mapping } from '../../text/mapping.ts';
import { canonical } from '../plan/matches.ts';
import { abbreviate, dotted } from '../selection/path.ts';
import { authOf } from './auth.ts';
import { configOf } from './config.ts';
import type { Naming } from './naming.ts';
import { placeFields, scheduleFields, settingsOf, withoutDefaults } from './settings.ts';
import { shortestSelection, tablesToList } from './shortest-selection.ts';
import { readSource, type Source, withListedColumns } from './source.ts';
import { policyOf, syncsNothing } from './tree-items.ts';

/** A connection as an entry of a manifest, apart from its group. */
export type ExportedEntry = {
  id: string;
  service: string;
  setup_state: string | undefined;
  /** The fields that name it. */
  naming: Mapping;
  /** Its other `config`, sorted; `secret` where it has a secret. */
  config: Mapping;
  /** Its other fields, apart from `service`. */
  settings: Mapping;
  schema_change_handling: SchemaChangeHandling | undefined;
  schemas: SelectedItems | undefined;
  /** What could not be exported, in a few words each. */
  missing: string[];
  /** Sentences about what is in the entry and should be checked. */
  warnings: string[];
};

/**
 * Reads a connection and turns it into an entry.
 *
 * @returns undefined when the connection does not exist
 * @throws FivetranError when it cannot be read, or the run ends
 */
export async function exportEntry(
  id: string,
  fivetran: FivetranClient,
): Promise<ExportedEntry | undefined> {
  const source = await readSource(id, fivetran);
  if (!source) return undefined;
  const { connection, metadata } = source;
  const { fields, naming, unknown } = configOf(source);
  const settings = settingsOf(connection.raw, [...placeFields, ...scheduleFields]);
  const selection = await selectionOf(source, fivetran);
  return {
    id,
    service: connection.service ?? '',
    setup_state: connection.status.setup_state,
    naming: naming.fields,
    config: sortedFields(fields),
    settings: { ...withoutDefaults(settings.fields), ...selection.settings },
    schema_change_handling: selection.schema_change_handling,
    schemas: selection.schemas,
    missing: [...authOf(source), ...unknown, ...settings.leftOut, ...selection.missing],
    warnings: [
      ...(metadata.kind === 'read'
        ? []
        : [withoutMetadata(metadata.error, connection.service, naming)]),
      ...selection.warnings,
    ],
  };
}

/** The warning about a connection whose service's metadata could not be read. */
export function withoutMetadata(
  error: FivetranError,
  service: string | undefined,
  { isGuessed }: Pick<Naming, 'isGuessed'>,
): string {
  const guessed = isGuessed ? ', and the fields that name the connection are guessed' : '';
  const isForbidden = error instanceof RefusedError && error.status === 403;
  const hint = isForbidden ? ' A system key needs the permission ACCOUNT READ for it.' : '';
  return (
    `The metadata of service ${service} could not be read (${error.shortReason}), so read-only fields ` +
    `may be among those of config${guessed}.${hint}`
  );
}

type ExportedSelection = Pick<
  ExportedEntry,
  'schema_change_handling' | 'schemas' | 'missing' | 'warnings' | 'settings'
>;

async function selectionOf(source: Source, fivetran: FivetranClient): Promise<ExportedSelection> {
  const { tree: read } = source;
  const none = { schema_change_handling: undefined, schemas: undefined, settings: {} };
  const nothing: ExportedSelection = { ...none, missing: [], warnings: [] };
  if (read.kind === 'unreadable') {
    return { ...nothing, missing: [`table selection (${read.error.shortReason})`] };
  }
  if (!read.value) return nothing;
  const policy = policyOf(read.value);
  if (!policy) {
    const value = read.value.schema_change_handling ?? 'missing';
    return { ...nothing, missing: [`table selection (schema_change_handling is ${value})`] };
  }
  if (syncsNothing(read.value)) {
    const warning = 'No table of the connection syncs, so its entry is paused and has no schemas.';
    const missing = ['table selection (nothing syncs)'];
    return { ...nothing, settings: { paused: true }, missing, warnings: [warning] };
  }
  const tables = tablesToList(read.value, policy);
  const { tree, unlisted } = await withListedColumns(read.value, tables, source, fivetran);
  const names = abbreviate(unlisted.map(dotted), 5);
  const schemas = shortestSelection(tree, policy);
  if (schemas && hasEmptyName(schemas)) {
    return { ...nothing, missing: ['table selection (a name in it is empty)'] };
  }
  return {
    ...nothing,
    schema_change_handling: policy,
    schemas,
    missing: unlisted.length > 0 ? [`all columns of ${names} (they could not be listed)`] : [],
  };
}

/** A manifest cannot have an empty key. */
const hasEmptyName = (items: SelectedItems): boolean =>
  [...items].some(([name, { inner }]) => name === '' || (inner && hasEmptyName(inner)));

/**
 * A mapping with its fields sorted by name, and its lists by their items: Fivetran keeps the order of
 * neither, and a file should not change without a reason.
 */
const sortedFields = (fields: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries(fields)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([key, inner]) => [key, sorted(inner)]),
  );

function sorted(value: unknown): unknown {
  if (isMapping(value)) return sortedFields(value);
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => ({ item: sorted(item), text: canonical(item) }));
  return items.sort((a, b) => byCodeUnit(a.text, b.text)).map(({ item }) => item);
}
