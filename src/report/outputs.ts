import { failedTests } from '../connection/setup-tests.ts';
import type { State } from '../connection/state.ts';
import type { SetupTest } from '../fivetran/answers.ts';
import type { Redactor } from '../secrets/redactor.ts';
import { oneLine } from '../text/format.ts';
import { dashboardUrl } from './verdict.ts';

/**
 * The step's outputs for one connection, by name. No secret is in them but `connect_card_uri`, which
 * the caller masks; what names the connection is never redacted, or a later step would be lost.
 */
export function connectionOutputs(
  state: State,
  known: ReadonlySet<string>,
  { redactAll }: Pick<Redactor, 'redactAll'>,
): Record<string, string> {
  const { connection, result = '' } = state;
  if (!connection) return { result };
  const names = new Set([...known, connection.id]);
  const clean = (value: unknown): unknown => redactAll(value, names);
  const text = (value: string | undefined): string => String(clean(value ?? ''));
  const failed = failedTests(connection);
  const { config: _, auth: __, connect_card: ___, ...shareable } = connection.answer;
  return {
    connection_id: connection.id,
    result,
    setup_state: text(connection.status.setup_state),
    failed_tests: JSON.stringify(clean(failed.map(reportOf))),
    failed_test_messages: failed
      .map(({ title, message }) => oneLine(text(`${title}: ${message}`)))
      .join('\n'),
    setup_tests: JSON.stringify(clean(connection.setup_tests.map(reportOf))),
    sync_state: text(connection.status.sync_state),
    update_state: text(connection.status.update_state),
    schema: text(connection.schema),
    service: text(connection.service),
    group_id: text(connection.group_id),
    created_at: text(connection.created_at),
    paused: text(connection.paused),
    connect_card_uri: connection.connect_card.uri ?? '',
    dashboard_url: dashboardUrl(connection.id),
    connection: JSON.stringify(clean(shareable)),
  };
}

/** A setup test as the outputs report it. */
export const reportOf = ({ title, status, message, details }: SetupTest) => ({
  title,
  status,
  message,
  details,
});
