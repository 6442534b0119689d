import type { Outcome } from '../../connection/outcome.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { truncate } from '../../text/format.ts';
import { isMapping, type Mapping } from '../../text/mapping.ts';

/** A connection as reports show it: redacted, bounded, and without the whole response. */
export type ShownConnection = Omit<Connection, 'raw'>;

type Shown<T> = T extends Connection
  ? ShownConnection
  : T extends object
    ? { [Key in keyof T]: Shown<T[Key]> }
    : T;

/** An outcome without secrets and of bounded size, so that no text made from it needs care. */
export type ShownOutcome = Shown<Outcome>;

/** An outcome of one kind. */
export type OutcomeOf<Kind extends ShownOutcome['kind']> = Extract<ShownOutcome, { kind: Kind }>;

/** Fields with a fixed word of our own. Every other text is redacted. */
const fixedFields: ReadonlySet<string> = new Set([
  ...['kind', 'plan', 'result', 'state', 'grade', 'shown'],
  ...['cleanup', 'unknownCleanup', 'inFlight'],
]);

/** Fields with any JSON value. Names in it are Fivetran's or the user's. */
const jsonFields: ReadonlySet<string> = new Set(['details', 'from', 'to']);

/** Fields whose values are never shown: a connect card's token is a credential. */
const secretFields: ReadonlySet<string> = new Set(['token', 'uri']);

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
  ...['enabled', 'hashed', 'sync_mode', 'schema_change_handling', 'is_primary_key'],
  'blocked_on_capture',
];

/** Characters of a text; fewer for what stands in headings and tables. */
const textLimit = 10_000;
const limits: Readonly<Record<string, number>> = {
  title: 200,
  status: 100,
  setup_state: 100,
  sync_state: 100,
  update_state: 100,
  shortReason: 200,
  subject: 500,
};

/**
 * Redacts every text of an outcome and cuts long ones, in one walk. Redaction comes first: what
 * remains of a secret that was cut would no longer be recognized.
 */
export function redactOutcome(
  outcome: Outcome,
  { redact, redactValue }: Pick<Redactor, 'redact' | 'redactValue'>,
): ShownOutcome {
  const kept = keptTexts(outcome);
  function walk(value: unknown, field: string): unknown {
    if (jsonFields.has(field)) return redactValue(value, kept);
    if (typeof value === 'string') {
      if (fixedFields.has(field) || kept.has(value)) return value;
      return secretFields.has(field) ? '***' : truncate(redact(value), limits[field] ?? textLimit);
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, field));
    if (!isMapping(value)) return value;
    return Object.fromEntries(
      Object.entries(shownFields(value)).map(([key, inner]) => [key, walk(inner, key)]),
    );
  }
  return walk(outcome, '') as ShownOutcome;
}

/**
 * The fields that a report may show: no whole response, and no values that a change only names.
 */
function shownFields({ raw: _, ...fields }: Mapping): Mapping {
  const isUnshown = 'shown' in fields && fields.shown !== 'values';
  return isUnshown ? { ...fields, from: undefined, to: undefined } : fields;
}

/** The texts that are never redacted: words of the API, and the connection's own timestamps. */
export function keptTexts({ connection }: Outcome): Set<string> {
  const values = [connection?.raw, connection?.raw.status].flatMap((part) =>
    isMapping(part) ? Object.values(part) : [],
  );
  return new Set([...apiWords, ...values.filter(isTimestamp)]);
}

const isTimestamp = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?$/.test(value);
