import type { StepLog } from '../report/runner/log.ts';
import { pluralize } from '../text/format.ts';
import type { Job } from './job.ts';

/**
 * Whether a job created a connection without `destination_schema_names`, which Fivetran announced to
 * require.
 */
export const lacksNamingChoice = ({ spec, state }: Job): boolean =>
  spec.state === 'present' &&
  state.result === 'created' &&
  spec.request.destination_schema_names === undefined;

/**
 * Says once per run that connections were created without `destination_schema_names`.
 *
 * @param count how many
 */
export function noticeNaming(count: number, log: Pick<StepLog, 'notice'>): void {
  if (count === 0) return;
  const which =
    count > 1 ? ` for ${pluralize(count, 'new connection')}` : ' for the new connection';
  log.notice(
    `destination_schema_names is not set${which}. Fivetran plans to require it. Set it to FIVETRAN_NAMING ` +
      "(Fivetran's names, the current default) or SOURCE_NAMING (the source's names); it cannot be changed later.",
  );
}
