import { duration } from '../../text/format.ts';
import type { Attempt, Request, ServerTime } from './attempt.ts';
import { CancelledError, FivetranError, OutcomeUnknownError, type RefusedError } from './errors.ts';
import { exchange } from './exchange.ts';
import type { RateLimit } from './rate-limit.ts';
import { backoffMs, maxTries } from './retry-timing.ts';
import type { Log, Session } from './session.ts';

/**
 * The final outcome of a request, after retries. `afterUnknown`: an earlier try went unanswered and
 * may have been processed. `sentAt`: when the first such try was sent, on the step's clock.
 */
export type SendResult<T> =
  | { kind: 'answered'; data: T; date: ServerTime | undefined; afterUnknown: boolean }
  | { kind: 'rejected'; error: RefusedError; status: number; afterUnknown: boolean }
  | { kind: 'unknown'; error: OutcomeUnknownError; sentAt: number };

/**
 * Sends a request until its outcome is known. What was not processed (429, never sent) is sent again;
 * what may have been processed is sent again only when the request is `idempotent`.
 *
 * @throws FivetranError when it was never processed, after 4 tries, or when the waits for the rate
 * limit would exceed 10 minutes
 * @throws CancelledError when the run is cancelled
 */
export async function sendWithRetries<T>(
  session: Session,
  request: Request<T>,
  log: Log,
): Promise<SendResult<T>> {
  let firstUnknownAt: number | undefined;
  for (let tries = 1; ; ) {
    let sent: { attempt: Attempt<T>; sentAt: number };
    try {
      sent = await session.semaphore(() =>
        sendWhenAllowed(
          session,
          request,
          { tries, afterUnknown: firstUnknownAt !== undefined },
          log,
        ),
      );
    } catch (error) {
      // Giving up on a retry leaves open what the unanswered try did.
      if (firstUnknownAt === undefined || !(error instanceof FivetranError)) throw error;
      return unknownSince(firstUnknownAt, error);
    }
    const { attempt, sentAt } = sent;
    const afterUnknown = firstUnknownAt !== undefined;
    switch (attempt.kind) {
      case 'answered':
      case 'rejected':
        return { ...attempt, afterUnknown };
      case 'limited':
        continue;
      case 'unknown':
        firstUnknownAt ??= sentAt;
        if (!request.idempotent || tries === maxTries) {
          return { kind: 'unknown', error: attempt.error, sentAt: firstUnknownAt };
        }
        break;
      case 'unsent':
        if (tries === maxTries || attempt.final) {
          if (firstUnknownAt === undefined) throw attempt.error;
          return unknownSince(firstUnknownAt, attempt.error);
        }
        break;
      default:
        attempt satisfies never;
    }
    await waitToRetry(session, tries++, attempt.error, log);
  }
}

const unknownSince = (sentAt: number, error: FivetranError) =>
  ({ kind: 'unknown', error: new OutcomeUnknownError(error), sentAt }) as const;

/** Waits before the next try, and logs why. */
export async function waitToRetry(
  session: Session,
  tries: number,
  error: Error,
  log: Log,
): Promise<void> {
  const ms = backoffMs(tries, session.clock.random());
  log(`${error.message} Retrying in ${duration(ms)} (try ${tries + 1} of ${maxTries}).`);
  await session.clock.sleep(ms);
}

/** Sends a request once, as soon as the rate limit allows. */
async function sendWhenAllowed<T>(
  session: Session,
  request: Request<T>,
  { tries, afterUnknown }: { tries: number; afterUnknown: boolean },
  log: Log,
): Promise<{ attempt: Attempt<T>; sentAt: number }> {
  const { clock, rateLimit, signal } = session;
  const { deadline, purpose } = request;
  await rateLimit.wait(deadline);
  if (signal.aborted) throw new CancelledError();
  if (deadline !== undefined && clock.now() >= deadline) {
    throw new OutcomeUnknownError({
      message: `Could not ${purpose}: the time limit has passed.`,
      shortReason: 'no answer in time',
    });
  }
  request.onInFlight?.(true);
  const sentAt = clock.now();
  const attempt = await exchangeInView(session, request, log);
  const isKnown = attempt.kind === 'answered' || (attempt.kind !== 'unknown' && !afterUnknown);
  if (isKnown) request.onInFlight?.(false);
  const ms = Math.round(clock.now() - sentAt);
  const status =
    attempt.kind === 'limited' ? 429 : 'status' in attempt ? attempt.status : undefined;
  session.debug(
    `${request.method} ${request.path}: ${status ?? attempt.kind}, ${ms} ms, try ${tries}`,
  );
  // Before the permit is released, so that the next request waits.
  if (attempt.kind === 'limited') hold(rateLimit, attempt.retryAfterMs, purpose, log);
  return { attempt, sentAt };
}

function hold(rateLimit: RateLimit, ms: number, purpose: string, log: Log): void {
  if (!rateLimit.hold(ms)) {
    throw new FivetranError({
      message:
        `Could not ${purpose}: Fivetran's rate limit asks to wait another ${duration(ms)}, which would ` +
        "bring this run's waits to more than 10 minutes.",
      shortReason: 'rate limit',
      hint: "Run it again later, or reduce the account's load.",
    });
  }
  log(`Fivetran's rate limit is reached (429): all requests wait ${duration(ms)}.`);
}

/** One attempt; logs every 10 s what it is waiting for. */
async function exchangeInView<T>(
  session: Session,
  request: Request<T>,
  log: Log,
): Promise<Attempt<T>> {
  const { api, clock, signal } = session;
  const begin = clock.now();
  const limit = request.timeoutSeconds ?? api.timeoutSeconds;
  const stop = clock.every(10_000, () => {
    const elapsed = duration(clock.now() - begin);
    log(
      `Waiting for Fivetran to ${request.purpose}: ${elapsed} so far, at most ${duration(limit * 1000)}.`,
    );
  });
  try {
    return await exchange(api, request, clock, signal);
  } finally {
    stop();
  }
}
