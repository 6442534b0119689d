import type { FieldChange } from '../../connection/diff.ts';
import type { Outcome } from '../../connection/outcome.ts';
import type { Connection, SetupTest } from '../../fivetran/responses/connection.ts';
import type { Redactor } from '../../secrets/redactor.ts';

/**
 * The fixed words of Fivetran's API: keys, statuses and states. They are never redacted, even if a
 * secret is the same word, because workflows depend on them.
 */
const apiWords = [
  ...['id', 'schema', 'service', 'group_id', 'paused', 'created_at', 'succeeded_at', 'failed_at'],
  ...['setup_state', 'sync_state', 'update_state', 'schema_status', 'tasks', 'warnings', 'code'],
  ...['setup_tests', 'title', 'status', 'message', 'details', 'true', 'false', 'UNKNOWN'],
  ...['PASSED', 'SKIPPED', 'WARNING', 'FAILED', 'JOB_FAILED', 'connected', 'incomplete', 'broken'],
  ...['scheduled', 'syncing', 'rescheduled', 'on_schedule', 'delayed', 'ready'],
  'blocked_on_capture',
];

const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?$/.test(value);

/**
 * An outcome without secrets, so that no text made from it has any. Redaction comes before its texts
 * are truncated or joined, which could leave a part of a secret behind.
 *
 * @param keep texts that are never redacted
 */
export function redactOutcome(
  outcome: Outcome,
  redactor: Pick<Redactor, 'redact' | 'redactValue'>,
  keep: readonly string[] = [],
): Outcome {
  const clean = cleaner(outcome, redactor, keep);
  const { text, texts, optional } = clean;
  const { connection } = outcome;
  const known = {
    subject: text(outcome.subject),
    notes: texts(outcome.notes),
    ...(connection && { connection: redactConnection(connection, clean) }),
  };
  switch (outcome.kind) {
    case 'dry-run':
      return {
        ...outcome,
        ...known,
        steps: texts(outcome.steps),
        problems: texts(outcome.problems),
        warnings: texts(outcome.warnings),
        fieldChanges: redactChanges(outcome.fieldChanges, clean),
      };
    case 'absent':
      return { ...outcome, ...known };
    case 'deleted':
      return { ...outcome, ...known, connection: redactConnection(outcome.connection, clean) };
    case 'present':
      return {
        ...outcome,
        ...known,
        connection: redactConnection(outcome.connection, clean),
        fieldChanges: redactChanges(outcome.fieldChanges ?? [], clean),
        sync: outcome.sync && {
          ...outcome.sync,
          message: text(outcome.sync.message),
          reasons: texts(outcome.sync.reasons ?? []),
        },
      };
    case 'failed':
      return {
        ...outcome,
        ...known,
        error: {
          message: text(outcome.error.message),
          shortReason: text(outcome.error.shortReason),
          hint: optional(outcome.error.hint),
        },
      };
    default:
      return outcome satisfies never;
  }
}

type Cleaner = ReturnType<typeof cleaner>;

const redactChanges = (changes: readonly FieldChange[], { text, value }: Cleaner): FieldChange[] =>
  changes.map(({ field, from, to, shown, isSecret }) =>
    shown === 'values'
      ? { field: text(field), from: value(from), to: value(to), shown, isSecret }
      : { field: text(field), from: undefined, to: undefined, shown, isSecret },
  );

/** Redacts texts and values about a connection, except those that are never redacted. */
export function cleaner(
  { connection }: Outcome,
  { redact, redactValue }: Pick<Redactor, 'redact' | 'redactValue'>,
  keep: readonly string[],
) {
  const answered = [connection?.raw, connection?.raw.status].flatMap((part) =>
    typeof part === 'object' && part !== null ? Object.values(part) : [],
  );
  const kept: ReadonlySet<string> = new Set([
    ...apiWords,
    ...keep,
    ...answered.filter(isTimestamp),
  ]);
  const text = (given: string): string => (kept.has(given) ? given : redact(given));
  return {
    text,
    optional: (given: string | undefined) => (given === undefined ? undefined : text(given)),
    texts: (given: readonly string[]): string[] => given.map(text),
    value: (given: unknown): unknown => redactValue(given, kept),
  };
}

function redactConnection(connection: Connection, { text, optional, value }: Cleaner): Connection {
  const { status, connect_card, setup_tests, raw: _, ...fields } = connection;
  const scalars = (given: object): object =>
    Object.fromEntries(
      Object.entries(given).map(([key, one]) => [key, typeof one === 'string' ? text(one) : one]),
    );
  const messages = (given: typeof status.tasks) =>
    given.map(({ code, message }) => ({ code: optional(code), message: optional(message) }));
  return {
    ...(scalars(fields) as typeof fields),
    status: {
      ...(scalars(status) as typeof status),
      tasks: messages(status.tasks),
      warnings: messages(status.warnings),
    },
    setup_tests: setup_tests.map(
      (test): SetupTest => ({
        ...test,
        title: text(test.title),
        status: text(test.status),
        message: text(test.message),
        details: value(test.details),
      }),
    ),
    connect_card: connect_card.uri ? { uri: '***', token: '***' } : {},
    // Only the output `connection` shows the answer, and it redacts that part itself.
    raw: {},
  } as Connection;
}
