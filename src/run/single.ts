import { outcomeOf } from '../connection/outcome.ts';
import type { Session } from '../fivetran/http/send.ts';
import type { ConnectionSpec, Settings } from '../inputs/spec.ts';
import { reportSingle } from '../report/single.ts';
import { beginJob, type Runtime, sync, work } from './job.ts';

/** Brings one connection to its spec, and reports the outcome. */
export async function runSingle(
  spec: ConnectionSpec,
  settings: Settings,
  session: Session,
  runtime: Runtime,
): Promise<void> {
  const { log, open } = runtime;
  const job = beginJob(spec, session, runtime, {
    log: log.info,
    warn: (line) => log.warning(line),
    onId: (id) => log.output('connection_id', id),
  });
  await work(job, runtime, settings);
  if (!settings.dry_run) await sync(job, runtime);
  await reportSingle({ outcome: outcomeOf(job.state), spec }, settings, runtime);
  open.delete(job.state);
}
