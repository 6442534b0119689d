import type { Outcome } from '../../connection/outcome.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';

type Failed = Extract<Outcome, { kind: 'failed' }>;

/** How far the work came before an error. */
export function endOf(
  { result, cleanup, inFlight }: Failed,
  spec: ConnectionSpec | undefined,
): string {
  if (inFlight) return 'outcome unknown';
  if (result && result !== 'reused') return `${result}, then ${cleanup ?? 'failed'}`;
  if (spec?.state === 'absent') return 'not deleted';
  return spec?.if_exists === 'fail' ? 'not created' : 'failed';
}
