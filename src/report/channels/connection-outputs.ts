import type { Outcome } from '../../connection/outcome.ts';
import { failedTests } from '../../connection/setup/grade.ts';
import type { Connection } from '../../fivetran/responses/connection.ts';
import { withoutSecrets } from '../../secrets/secret-values.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { asMapping } from '../../text/mapping.ts';
import { changeLine, changesIn, changeTexts } from '../verdict/changes.ts';
import { dashboardUrl, wantedIdentity } from '../verdict/identity.ts';
import { keptTexts } from '../verdict/redact.ts';
import type { Redaction, Report } from '../verdict/report.ts';
import { boundedNote, boundItems, boundLines, truncateStrings } from './bounded.ts';
import {
  emptyOutputs,
  errorOf,
  outputBytes,
  outputCharacters,
  resultOf,
  type StepOutputs,
} from './outputs.ts';
import { testBounds, testReport } from './test-report.ts';

/**
 * The step's outputs for one connection. Nothing in them is secret but `connect_card_uri`, which
 * is masked. The connection's own identity is never redacted: later steps need it.
 *
 * @param given the outcome that the report is about, as it was before its redaction
 */
export function connectionOutputs(
  { outcome, spec, verdict, exists }: Report,
  given: Outcome,
  redactor: Redaction,
): StepOutputs {
  const changes = boundLines(changeTexts(changesIn(outcome)).map(changeLine), outputBytes);
  const end = {
    ...emptyOutputs,
    result: resultOf(outcome),
    plan: outcome.kind === 'dry-run' ? outcome.plan : '',
    changes: changes.items.join('\n'),
    error: errorOf(outcome, verdict),
  };
  const notes = boundedNote('changes', 'change', changes);
  const { connection } = outcome;
  const raw = given.connection;
  if (!connection || !raw) return { outputs: end, notes };
  const { status, setup_tests } = connection;
  const failed = failedTests(connection);
  const messages = boundLines(
    failed.map(({ title, message }) => oneLine(`${title}: ${message}`)),
    outputBytes,
  );
  const failedJson = boundItems(failed.map(testReport), testBounds(outputBytes));
  const testsJson = boundItems(setup_tests.map(testReport), testBounds(outputBytes));
  const identity = new Set<string | undefined>([...Object.values(wantedIdentity(spec)), raw.id]);
  const text = (value: string | undefined): string =>
    truncate(identity.has(value) ? (value ?? '') : redactor.redact(value ?? ''), outputCharacters);
  const response = responseJson(given, raw, { identity, redactor });
  const outputs = {
    ...end,
    failed_tests: JSON.stringify(failedJson.items),
    failed_test_messages: messages.items.join('\n'),
    setup_tests: JSON.stringify(testsJson.items),
    connection: response.json,
    connection_id: raw.id,
    setup_state: status.setup_state ?? '',
    sync_state: status.sync_state ?? '',
    update_state: status.update_state ?? '',
    schema: text(raw.schema),
    service: text(raw.service),
    group_id: text(raw.group_id),
    created_at: connection.created_at ?? '',
    paused: connection.paused?.toString() ?? '',
    connect_card_uri: exists ? truncate(raw.connect_card.uri ?? '', outputCharacters) : '',
    dashboard_url: exists ? dashboardUrl(raw.id) : '',
  };
  return {
    outputs,
    notes: [
      ...notes,
      ...boundedNote('failed_tests', 'failed test', failedJson),
      ...boundedNote('failed_test_messages', 'message', messages),
      ...boundedNote('setup_tests', 'setup test', testsJson),
      ...response.notes,
    ],
  };
}

/** A field of Fivetran's response. */
type Field = [name: string, value: unknown];

/** The response without the fields that hold, or may hold, a secret. */
function responseJson(
  given: Outcome,
  { raw }: Connection,
  { identity, redactor }: { identity: ReadonlySet<string | undefined>; redactor: Redaction },
): { json: string; notes: string[] } {
  const { config: _, auth: __, connect_card: ___, ...response } = raw;
  const kept = new Set([
    ...keptTexts(given),
    ...[...identity].filter((part) => part !== undefined),
  ]);
  const clean = redactor.redactValue(withoutSecrets(response), kept);
  const fields = boundItems<Field>(Object.entries(asMapping(clean)), {
    limit: outputBytes,
    forms: [8000, 2000, 500, 100].map(
      (length) =>
        ([name, value]: Field): Field => [name, truncateStrings(value, length)],
    ),
    isVital: ([name]) => name === 'id',
  });
  return {
    json: JSON.stringify(Object.fromEntries(fields.items)),
    notes: boundedNote('connection', 'field', fields),
  };
}
