import { outcomeOf } from '../connection/outcome.ts';
import type { Session } from '../fivetran/http/session.ts';
import type { ConnectionSpec, Settings } from '../inputs/spec.ts';
import { reportSingle } from '../report/single.ts';
import { rateLimitWait } from '../report/verdict/rate-limit.ts';
import { createJob, type Runtime, reconcileJob, syncJob } from './job.ts';
import { lacksNamingChoice, noticeNaming } from './naming-notice.ts';

/** Brings one connection to its spec, and reports the outcome. */
export async function runSingle(
  spec: ConnectionSpec,
  settings: Settings,
  session: Session,
  runtime: Runtime,
): Promise<void> {
  const { log, open } = runtime;
  const listener = {
    log: log.info,
    warn: (line: string) => log.warning(line),
    onId: (id: string) => log.output('connection_id', id),
  };
  const job = createJob(spec, { session, runtime, listener });
  await reconcileJob(job, runtime, settings);
  if (!settings.dry_run) await syncJob(job, runtime);
  const waits = rateLimitWait(session.rateLimit.waitedMs());
  job.state.notes.push(...waits.map((wait) => `The step ${wait}.`));
  await reportSingle({ outcome: outcomeOf(job.state), spec }, settings, runtime);
  noticeNaming(lacksNamingChoice(job) ? 1 : 0, log);
  open.delete(job.state);
}
