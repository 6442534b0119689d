import { withoutSecrets } from '../../connection/diff.ts';
import type { Outcome } from '../../connection/outcome.ts';
import { failedTests } from '../../connection/setup/grade.ts';
import type { Connection, SetupTest } from '../../fivetran/responses/connection.ts';
import { oneLine, truncate } from '../../text/format.ts';
import { isMapping } from '../../text/mapping.ts';
import { changeLine, changesIn, changeTexts } from '../verdict/changes.ts';
import { dashboardUrl, wantedIdentity } from '../verdict/identity.ts';
import { keptTexts, type ShownOutcome } from '../verdict/redact.ts';
import type { Redaction, Report, ReportDeps } from '../verdict/report.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { type Bounds, boundedNote, boundItems, boundLines, truncateStrings } from './bounded.ts';

/** Bytes of an output: a later step's `env:` cannot hold more than 128 KiB. */
export const outputBytes = 100_000;
/** Characters of an output that is one text: at most three bytes each. */
const maxCharacters = 30_000;

/** Outputs by name, and what the log says about those that had no room for everything. */
export type StepOutputs = { outputs: Record<string, string>; notes: string[] };

/** The outputs when there is nothing to report. The JSON ones are valid, so that `fromJSON` works. */
export const emptyOutputs = {
  failed_tests: '[]',
  setup_tests: '[]',
  connection: '{}',
  connections: '{}',
  plan: '',
  changes: '',
} as const;

/**
 * The step's outputs for one connection. Nothing in them is secret but `connect_card_uri`, which is
 * masked. The connection's own identity is never redacted: later steps need it.
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
    truncate(identity.has(value) ? (value ?? '') : redactor.redact(value ?? ''), maxCharacters);
  const answered = answeredJson(given, raw, { identity, redactor });
  const outputs = {
    ...end,
    failed_tests: JSON.stringify(failedJson.items),
    failed_test_messages: messages.items.join('\n'),
    setup_tests: JSON.stringify(testsJson.items),
    connection: answered.json,
    connection_id: raw.id,
    setup_state: status.setup_state ?? '',
    sync_state: status.sync_state ?? '',
    update_state: status.update_state ?? '',
    schema: text(raw.schema),
    service: text(raw.service),
    group_id: text(raw.group_id),
    created_at: connection.created_at ?? '',
    paused: connection.paused?.toString() ?? '',
    connect_card_uri: exists ? truncate(raw.connect_card.uri ?? '', maxCharacters) : '',
    dashboard_url: exists ? dashboardUrl(raw.id) : '',
  };
  return {
    outputs,
    notes: [
      ...notes,
      ...boundedNote('failed_tests', 'failed test', failedJson),
      ...boundedNote('failed_test_messages', 'message', messages),
      ...boundedNote('setup_tests', 'setup test', testsJson),
      ...answered.notes,
    ],
  };
}

/** What the step did, in one word; empty when it did nothing. */
export function resultOf(outcome: ShownOutcome): string {
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
export function errorOf(outcome: ShownOutcome, { grade, message }: Verdict): string {
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

/** How setup tests are made to fit: details go first, then messages are cut; failed tests go last. */
export const testBounds = (limit: number): Bounds<TestReport> => ({
  limit,
  forms: [
    (test) => ({ ...test, details: truncateStrings(test.details, 1000) }),
    ({ details: _, ...test }) => test,
    ...[2000, 500, 100].map((length) => ({ details: _, ...test }: TestReport) => ({
      ...test,
      message: truncate(test.message, length),
    })),
  ],
  isVital: ({ status }) => !/^(passed|skipped|warning)$/i.test(status),
});

/** A field of Fivetran's response. */
type Field = [name: string, value: unknown];

/** The response without the fields that hold, or may hold, a secret. */
function answeredJson(
  given: Outcome,
  { raw }: Connection,
  { identity, redactor }: { identity: ReadonlySet<string | undefined>; redactor: Redaction },
): { json: string; notes: string[] } {
  const { config: _, auth: __, connect_card: ___, ...answer } = raw;
  const kept = new Set([
    ...keptTexts(given),
    ...[...identity].filter((part) => part !== undefined),
  ]);
  const clean = redactor.redactValue(withoutSecrets(answer), kept);
  const fields = boundItems<Field>(Object.entries(isMapping(clean) ? clean : {}), {
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

/** Sets outputs, and logs what they had no room for. */
export function writeOutputs({ outputs, notes }: StepOutputs, log: ReportDeps['log']): void {
  for (const [name, value] of Object.entries(outputs)) log.output(name, value);
  for (const line of notes) log.info(line);
}

/** Fails the step when an output could not be set: later steps would go on without it. */
export function failOnLostOutputs({ log, env }: Pick<ReportDeps, 'log' | 'env'>): void {
  const reason = log.lostOutput();
  if (reason === undefined) return;
  log.fail(
    `Could not write the step's outputs to ${env.GITHUB_OUTPUT || 'the file in GITHUB_OUTPUT'}: ${reason}. Make room on the runner, or make the file writable, and run the step again.`,
  );
}
