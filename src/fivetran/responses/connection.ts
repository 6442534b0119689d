import * as z from 'zod/mini';
import type { Mapping } from '../../text/mapping.ts';
import { limitCount } from './limit-value.ts';
import { listOf, mapping, optionalBoolean, text, tolerant } from './tolerant.ts';

/** How a setup test counts. An unknown status counts as failed. */
export type Grade = 'passed' | 'skipped' | 'warned' | 'failed';

const grades = new Map<string, Grade>([
  ['PASSED', 'passed'],
  ['SKIPPED', 'skipped'],
  ['WARNING', 'warned'],
]);

const gradeOf = (status: string): Grade => grades.get(status.toUpperCase()) ?? 'failed';

const testFields = z.object({
  title: tolerant((value) => (typeof value === 'string' && value.trim() ? value : 'Untitled test')),
  status: tolerant((value) => (typeof value === 'string' && value ? value : 'UNKNOWN')),
  message: tolerant((value) =>
    value === undefined || value === null
      ? ''
      : typeof value === 'string'
        ? value
        : JSON.stringify(value),
  ),
  details: z.optional(z.unknown()),
});

/**
 * A setup test, as every response with `setup_tests` carries it. `details` can be any JSON value.
 */
const setupTest = z.pipe(
  testFields,
  z.transform((test) => ({ ...test, grade: gradeOf(test.status) })),
);
export type SetupTest = z.infer<typeof setupTest>;

const statusNote = z.object({ code: text, message: text });

const card = z.object({ token: text, uri: text });
/**
 * Where an end user finishes the authorization. Its token is a credential, and part of its uri.
 */
export type ConnectCard = z.infer<typeof card>;

/** Reads a connect card; undefined when the response has none. */
export function readConnectCard(data: unknown): ConnectCard | undefined {
  const read = z.pipe(mapping, card).parse(mapping.parse(data).connect_card);
  return read.uri ? read : undefined;
}

const connection = z.object({
  // Ids are short; a huge one would fill every output and link.
  id: z.pipe(text, z.string().check(z.minLength(1), z.maxLength(200))),
  group_id: text,
  service: text,
  schema: text,
  paused: optionalBoolean,
  schedule_type: text,
  created_at: text,
  succeeded_at: text,
  failed_at: text,
  status: z.pipe(
    mapping,
    z.object({
      setup_state: text,
      sync_state: text,
      update_state: text,
      schema_status: text,
      is_historical_sync: optionalBoolean,
      rescheduled_for: text,
      tasks: listOf(statusNote),
      warnings: listOf(statusNote),
    }),
  ),
  setup_tests: listOf(setupTest),
  connect_card: z.pipe(mapping, card),
});

/** A connection: the fields that are used here, what follows from them, and the whole response. */
export type Connection = z.infer<typeof connection> & {
  /** Whether it is paused and so cannot sync. */
  isPaused: boolean;
  /** Whether anything was ever synced, or a sync is running. */
  hasSynced: boolean;
  raw: Mapping;
};

/** With more tests than this, those that are cut off must be ones that passed. */
const manyTests = 1000;
const byGrade: Grade[] = ['failed', 'warned', 'skipped', 'passed'];

function putFailedFirst(tests: unknown): void {
  if (!Array.isArray(tests) || tests.length <= manyTests) return;
  const ranked = tests.map((test: unknown) => {
    const grade = setupTest.safeParse(test).data?.grade;
    return { test, rank: grade ? byGrade.indexOf(grade) : byGrade.length };
  });
  ranked.sort((a, b) => a.rank - b.rank);
  tests.splice(0, tests.length, ...ranked.map(({ test }) => test));
}

/** A connection's response has some hundred values; reporting on millions would take minutes. */
const maxValues = 50_000;

/** Reads a connection; undefined when the response is none, that is, when it has no id. */
export function readConnection(data: unknown): Connection | undefined {
  putFailedFirst(mapping.parse(data).setup_tests);
  limitCount(data, maxValues);
  const read = connection.safeParse(data);
  if (!read.success) return undefined;
  const { paused, succeeded_at, failed_at, status } = read.data;
  return {
    ...read.data,
    isPaused: paused === true || status.sync_state === 'paused',
    hasSynced:
      succeeded_at !== undefined ||
      failed_at !== undefined ||
      status.is_historical_sync === false ||
      ['syncing', 'rescheduled'].includes(status.sync_state ?? ''),
    raw: mapping.parse(data),
  };
}

/** Reads the connection with this id; a response about another one is unusable. */
export const readConnectionOf =
  (id: string) =>
  (data: unknown): Connection | undefined =>
    readConnectionIf(data, (read) => read.id === id);

/** Reads the connection that is expected; undefined when the response is another one, or none. */
export function readConnectionIf(
  data: unknown,
  isExpected: (connection: Connection) => boolean,
): Connection | undefined {
  const read = readConnection(data);
  return read && isExpected(read) ? read : undefined;
}
