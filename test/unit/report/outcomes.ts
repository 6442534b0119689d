import type { Outcome } from '../../../src/connection/outcome.ts';
import type { State } from '../../../src/connection/state.ts';
import type { AbsentSpec, ConnectionSpec, PresentSpec } from '../../../src/inputs/spec.ts';
import { createStepLog, type StepLog } from '../../../src/report/runner/log.ts';
import { type Report, reportOn } from '../../../src/report/verdict/report.ts';
import { createRedactor, type Redactor } from '../../../src/secrets/redactor.ts';
import { connectionOf } from '../../harness/connections.ts';
import { recordingToolkit } from '../../harness/runner-toolkit.ts';

/** A spec of a connection that should exist, where a test does not care. */
export const spec: PresentSpec = {
  state: 'present',
  group_id: 'decent_dropsy',
  service: 'postgres',
  name: 'billing',
  normalizedName: 'billing',
  shortName: undefined,
  request: { group_id: 'decent_dropsy', service: 'postgres' },
  if_exists: 'fail',
  on_failed_tests: 'keep',
  trusted_fingerprints: [],
  trusted_certificates: [],
  selection: undefined,
  wait_for_sync: false,
  variables: [],
  update_secrets: true,
};

export const absentSpec: AbsentSpec = {
  state: 'absent',
  target: {
    kind: 'name',
    group_id: 'decent_dropsy',
    name: 'billing',
    normalizedName: 'billing',
    shortName: undefined,
  },
  expect: { service: 'postgres' },
};

const subject = 'The postgres connection billing in group decent_dropsy';

type Of<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

/** A connection that was created and answered like this. */
export const present = (answer: object = {}, more: Partial<Of<'present'>> = {}): Of<'present'> => ({
  kind: 'present',
  subject,
  notes: [],
  result: 'created',
  connection: connectionOf({ status: { setup_state: 'connected' }, ...answer }),
  ...more,
});

/** Work that failed before a connection was known, unless `more` says so. */
export const failedWith = (message: string, more: Partial<Of<'failed'>> = {}): Of<'failed'> => ({
  kind: 'failed',
  subject,
  notes: [],
  error: { message, shortReason: 'no answer' },
  ...more,
});

export const dryRun = (more: Partial<Of<'dry-run'>> = {}): Of<'dry-run'> => ({
  kind: 'dry-run',
  subject,
  notes: [],
  ...{ plan: 'create', steps: [], fieldChanges: [], problems: [], warnings: [] },
  ...more,
});

export const deleted: Of<'deleted'> = {
  kind: 'deleted',
  subject,
  notes: [],
  connection: connectionOf(),
};

export const absent: Of<'absent'> = { kind: 'absent', subject, notes: [] };

/** What is known of a connection in the middle of the work. */
export const stateOf = (known: Partial<State>): State => ({
  subject,
  notes: [],
  openCreates: 0,
  ...known,
});

/** A redactor of these secrets. */
export function redactorOf(...secrets: string[]): Redactor {
  const redactor = createRedactor(() => {});
  for (const secret of secrets) redactor.mask(secret);
  return redactor;
}

/** The report on this outcome of a step. */
export const reportOf = (
  outcome: Outcome,
  wanted: ConnectionSpec = spec,
  secrets: string[] = [],
): Report => reportOn({ outcome, spec: wanted, dry_run: false }, redactorOf(...secrets));

/** A step's log, and what it has written so far. */
export type RecordedLog = { log: StepLog } & Pick<ReturnType<typeof recordingToolkit>, 'result'>;

export function recordedLog(redactor: Redactor = redactorOf()): RecordedLog {
  const { toolkit, result } = recordingToolkit({});
  return { log: createStepLog(toolkit, redactor), result };
}

export const passedTest = { title: 'Connecting', status: 'PASSED', message: '' };
export const skippedTest = { title: 'Checking permissions', status: 'SKIPPED', message: '' };
export const warnedTest = { title: 'Reading tables', status: 'WARNING', message: 'two are hidden' };
export const failedTest = {
  title: 'Validating credentials',
  status: 'FAILED',
  message: 'no entry',
};
