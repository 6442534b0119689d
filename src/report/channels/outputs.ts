import type { Outcome } from '../../connection/outcome.ts';
import { failedTests } from '../../connection/setup/grade.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import type { Redactor } from '../../secrets/redactor.ts';
import { namesSecret } from '../../secrets/secret-names.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { isMapping } from '../../text/mapping.ts';
import { boundedJson } from '../markup/fit.ts';
import { dashboardUrl, wantedIdentity } from '../verdict/identity.ts';
import { cleaner, redactOutcome } from '../verdict/redact.ts';
import { exists } from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';

/** Bytes of an output: a later step's `env:` cannot hold more than 128 KiB. */
const maxBytes = 100_000;
/** Characters of an output that is text: at most three bytes each. */
const maxCharacters = 30_000;

/** The JSON outputs when there is nothing to report: valid JSON, so that `fromJSON` works. */
export const emptyOutputs = {
  failed_tests: '[]',
  setup_tests: '[]',
  connection: '{}',
  connections: '{}',
} as const;

/**
 * The step's outputs for one connection, by name. Nothing in them is secret but `connect_card_uri`,
 * which is masked. The connection's own identity is never redacted: later steps need it.
 */
export function connectionOutputs(
  outcome: Outcome,
  spec: ConnectionSpec,
  verdict: Verdict,
  redactor: Pick<Redactor, 'redact' | 'redactValue'>,
): Record<string, string> {
  const raw = outcome.connection;
  const identity = [...Object.values(wantedIdentity(spec)), raw?.id].filter(
    (part) => part !== undefined,
  );
  const { connection } = redactOutcome(outcome, redactor, identity);
  const { value } = cleaner(outcome, redactor, identity);
  const end = {
    ...emptyOutputs,
    result: resultOf(outcome),
    plan: outcome.kind === 'dry-run' ? outcome.plan : '',
    changes: '',
    error: errorOf(outcome, verdict),
  };
  if (!connection || !raw) return end;
  const { status } = connection;
  const failed = failedTests(connection);
  const link = exists(outcome);
  return {
    ...end,
    failed_tests: boundedJson(failed.map(testReport), maxBytes),
    failed_test_messages: bounded(
      failed.map(({ title, message }) => oneLine(`${title}: ${message}`)).join('\n'),
    ),
    setup_tests: boundedJson(connection.setup_tests.map(testReport), maxBytes),
    connection: boundedJson(value(shareable(raw.raw)) as object, maxBytes),
    connection_id: bounded(raw.id),
    setup_state: bounded(status.setup_state),
    sync_state: bounded(status.sync_state),
    update_state: bounded(status.update_state),
    schema: bounded(connection.schema),
    service: bounded(connection.service),
    group_id: bounded(connection.group_id),
    created_at: bounded(connection.created_at),
    paused: bounded(connection.paused?.toString()),
    connect_card_uri: link ? bounded(raw.connect_card.uri) : '',
    dashboard_url: link ? dashboardUrl(raw.id) : '',
  };
}

/** What the step did, in one word; empty when it did nothing. */
export function resultOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'dry-run':
      return 'planned';
    case 'absent':
    case 'deleted':
      return outcome.kind;
    case 'present':
      return outcome.cleanup === 'deleted' ? 'deleted' : outcome.result;
    case 'failed':
      return outcome.cleanup === 'deleted' ? 'deleted' : (outcome.result ?? '');
    default:
      return outcome satisfies never;
  }
}

/** Why the work on a connection failed, in one line; empty when it did not. */
export function errorOf(outcome: Outcome, { grade, message }: Verdict): string {
  if (grade !== 'failed') return '';
  const problems = outcome.kind === 'dry-run' ? outcome.problems : [];
  return truncate(oneLine([message, ...problems].join(' ')), maxCharacters);
}

/** A setup test as the outputs report it. */
export type TestReport = Pick<SetupTest, 'title' | 'status' | 'message' | 'details'>;

export const testReport = ({ title, status, message, details }: SetupTest): TestReport => ({
  title,
  status,
  message,
  details,
});

const bounded = (text: string | undefined): string => truncate(text ?? '', maxCharacters);

/** An answer without the fields that hold, or may hold, a secret. */
function shareable({ config: _, auth: __, connect_card: ___, ...answer }: Record<string, unknown>) {
  return withoutSecrets(answer) as Record<string, unknown>;
}

/** A value without what stands under keys that name a secret, at any depth. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !namesSecret(key))
      .map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}
