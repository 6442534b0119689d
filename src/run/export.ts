import { type ExportedEntry, exportEntry } from '../connection/as-spec/entry.ts';
import { reading } from '../connection/as-spec/source.ts';
import { explainRefusal } from '../connection/refusals.ts';
import { createClient } from '../fivetran/client.ts';
import { CancelledError, FivetranError, RefusedError } from '../fivetran/http/errors.ts';
import type { Session } from '../fivetran/http/session.ts';
import type { Connection } from '../fivetran/responses/connection.ts';
import { manifestText } from '../inputs/export/manifest-text.ts';
import { placeFile } from '../inputs/export/place-file.ts';
import type { ExportTarget, Settings } from '../inputs/spec.ts';
import type { ExportReport } from '../report/export/result.ts';
import { reportExport } from '../report/export.ts';
import { byCodeUnit, distinctNames, oneLine, pluralize } from '../text/format.ts';
import { inParallel } from './in-parallel.ts';
import type { Runtime } from './job.ts';

/** The end of the work on one connection of the group. */
type Read =
  | { kind: 'exported'; entry: ExportedEntry }
  | { kind: 'unreadable'; id: string; error: string };

/**
 * Writes the connections of a group as a manifest. A connection that cannot be read is left out, and
 * the step fails after writing the others.
 */
export async function runExport(
  target: ExportTarget,
  settings: Pick<Settings, 'summary' | 'comment'>,
  session: Session,
  runtime: Runtime,
): Promise<void> {
  const { written: path, group_id } = target;
  const report: ExportReport = { path, group_id, entries: [], variables: [], error: undefined };
  try {
    const listed = await connectionsOf(target, session, runtime);
    runtime.log.info(`Reading ${pluralize(listed.length, 'connection')} of group ${group_id}.`);
    const named = await readAll(listed, target, session, runtime);
    report.entries = named.map(({ name, read }) =>
      read.kind === 'exported'
        ? { kind: 'exported', name, ...read.entry }
        : { kind: 'unreadable', name, id: read.id, error: read.error },
    );
    Object.assign(report, await write(named, target, runtime));
  } catch (error) {
    const { message, hint } = runtime.log.failureOf(error);
    report.error = [message, hint].filter(Boolean).join(' ');
  }
  await reportExport(report, settings, runtime);
}

/** The connections to export: those of the group, or the one that was asked for. */
async function connectionsOf(
  { group_id, connection_id }: ExportTarget,
  session: Session,
  { log }: Runtime,
): Promise<Connection[]> {
  const fivetran = createClient(session, log.info);
  const explained = (error: FivetranError) =>
    explainRefusal(error, { group_id, service: '' }, { fivetran });
  if (connection_id === undefined) {
    const list = await reading(fivetran.list(group_id));
    if (list.kind === 'unreadable') throw await explained(list.error);
    const connections = list.value;
    if (connections.length > 0) return connections;
    // A list of an unknown group is empty too. A key that may not read groups still lists them.
    const group = await reading(fivetran.group(group_id));
    if (
      group.kind === 'unreadable' &&
      group.error instanceof RefusedError &&
      group.error.isNotFound
    ) {
      throw await explained(group.error);
    }
    log.warning(`Group ${group_id} has no connections, so the manifest is empty.`);
    return connections;
  }
  const connection = await fivetran.get(connection_id);
  if (connection && (connection.group_id ?? group_id) === group_id) return [connection];
  const place = connection
    ? `is in group ${connection.group_id}, not ${group_id}`
    : 'does not exist';
  throw new FivetranError({
    message: `Connection ${connection_id} ${place}.`,
    shortReason: 'another connection',
    hint: 'Check connection_id and group_id.',
  });
}

type Named = { name: string; read: Read };

/** Reads each connection on its own; sorted by name. */
async function readAll(
  connections: readonly Connection[],
  { max_parallel }: ExportTarget,
  session: Session,
  { log, signal }: Runtime,
): Promise<Named[]> {
  const reads = new Map<Connection, Read>();
  const fivetran = createClient(session, log.info);
  await inParallel(connections, max_parallel, async (connection) => {
    if (signal.aborted) throw new CancelledError();
    reads.set(connection, await read(connection, () => exportEntry(connection.id, fivetran), log));
  });
  const inOrder = [...reads].sort(([a], [b]) => byCodeUnit(nameOf(a), nameOf(b)));
  const names = distinctNames(inOrder.map(([connection]) => nameOf(connection)));
  return inOrder.map(([connection, read], at) => ({ name: names[at] ?? connection.id, read }));
}

async function read(
  { id }: Connection,
  readEntry: () => Promise<ExportedEntry | undefined>,
  log: Runtime['log'],
): Promise<Read> {
  try {
    const entry = await readEntry();
    if (entry) return { kind: 'exported', entry };
    return { kind: 'unreadable', id, error: `Connection ${id} no longer exists.` };
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return { kind: 'unreadable', id, error: log.failureOf(error).message };
  }
}

const nameOf = ({ id, schema }: Connection): string => schema || id;

/** Writes the file, unless no connection could be read. */
async function write(
  named: readonly Named[],
  { path, written, group_id }: ExportTarget,
  { env, redactor }: Runtime,
): Promise<{ variables: string[]; error?: string }> {
  const entries = named.flatMap(({ name, read }) =>
    read.kind === 'exported' ? [{ name, ...read.entry }] : [],
  );
  if (entries.length === 0 && named.length > 0) {
    return { variables: [], error: 'No connection could be read, so no file was written.' };
  }
  const leftOut = named.flatMap(({ name, read }) =>
    read.kind === 'unreadable' ? [redactor.redact(`${oneLine(name)}: ${read.error}`)] : [],
  );
  const head = { group_id, schema: schemaAddress(env), leftOut };
  const manifest = await manifestText(entries, head);
  if ('error' in manifest) {
    const error = `The manifest cannot be written as YAML: ${manifest.error}. Export the connections one by one with connection_id to find out which one it is.`;
    return { variables: [], error };
  }
  const problem = placeFile(path, manifest.text);
  if (problem !== undefined) return { variables: [], error: `${written} ${problem}.` };
  return { variables: manifest.variables };
}

/** The address of the JSON Schema, in the repository that the action comes from where that is known. */
function schemaAddress({ GITHUB_ACTION_REPOSITORY = '' }: NodeJS.ProcessEnv): string {
  const name = 'fivetran-connection-action';
  const isOwn = /^[\w.-]+$/.test(GITHUB_ACTION_REPOSITORY.replace(`/${name}`, ''));
  const repository =
    isOwn && GITHUB_ACTION_REPOSITORY.endsWith(`/${name}`)
      ? GITHUB_ACTION_REPOSITORY
      : `OWNER/${name}`;
  return `https://raw.githubusercontent.com/${repository}/v1/schema/manifest.schema.json`;
}
