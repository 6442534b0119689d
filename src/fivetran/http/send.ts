import { duration } from '../../text/format.ts';
import type { Attempt, Request, ServerTime } from './attempt.ts';
import {
  CancelledError,
  type Failure,
  FivetranError,
  keyRejected,
  OutcomeUnknownError,
  type RefusedError,
} from './errors.ts';
import { exchange } from './exchange.ts';
import type { Turn } from './rate-limit.ts';
import { backoffMs, maxTries } from './retry-timing.ts';
import type { Log, Session } from './session.ts';

/** Who sends: the session, and what belongs to one connection. */
export type Sender = {
  session: Session;
  /** Gets waits and retries. */
  log: Log;
  /** Whether any request was sent. */
  hasSent: boolean;
};

/**
 * The final outcome of a request, after retries. `afterUnknown`: an earlier try went unanswered and
 * may have been processed. `sentAt`: when the first such try was sent, on the step's clock.
 * `timesSent` counts refusals by the rate limit too.
 */
export type SendResult<T> =
  | {
      kind: 'answered';
      data: T;
      date: ServerTime | undefined;
      afterUnknown: boolean;
      timesSent: number;
    }
  | { kind: 'rejected'; error: RefusedError; status: number; afterUnknown: boolean }
  | { kind: 'unknown'; error: OutcomeUnknownError; sentAt: number };

/**
 * Sends a request until its outcome is known. What was not processed (429, never sent) is sent again;
 * what may have been processed is sent again only when the request is `idempotent`. A poll that is
 * not answered ends as `unknown`, whatever the reason.
 *
 * @throws FivetranError when it was never processed: after 4 tries, or because the run has ended
 * @throws CancelledError when the run is cancelled
 */
export async function sendWithRetries<T>(
  sender: Sender,
  request: Request<T>,
): Promise<SendResult<T>> {
  let firstUnknownAt: number | undefined;
  let timesSent = 0;
  for (let tries = 1; ; ) {
    const afterUnknown = firstUnknownAt !== undefined;
    const sent = await sendWhenAllowed(sender, request, { tries, afterUnknown });
    if (sent.kind === 'not sent') {
      // Giving up on a retry leaves open what the unanswered try did.
      if (firstUnknownAt !== undefined) return unknownSince(firstUnknownAt, sent.error);
      throw sent.error;
    }
    timesSent++;
    const { attempt, sentAt } = sent;
    switch (attempt.kind) {
      case 'answered':
        return { ...attempt, afterUnknown, timesSent };
      case 'rejected':
        return { ...attempt, afterUnknown };
      case 'limited':
        if (request.isPoll) return unknownSince(sentAt, limitedPoll(request));
        continue;
      case 'unknown':
        firstUnknownAt ??= sentAt;
        if (!request.idempotent || tries === maxTries || attempt.final) {
          return { kind: 'unknown', error: attempt.error, sentAt: firstUnknownAt };
        }
        break;
      case 'unsent':
        if (tries === maxTries || attempt.final) {
          if (request.isPoll) firstUnknownAt ??= sentAt;
          if (firstUnknownAt === undefined) throw attempt.error;
          return unknownSince(firstUnknownAt, attempt.error);
        }
        break;
      default:
        attempt satisfies never;
    }
    await waitToRetry(sender, tries++, attempt.error);
  }
}

const unknownSince = (sentAt: number, error: FivetranError) =>
  ({ kind: 'unknown', error: new OutcomeUnknownError(error), sentAt }) as const;

const limitedPoll = ({ purpose }: Request<unknown>): FivetranError =>
  new FivetranError({
    message: `Could not ${purpose}: Fivetran's rate limit is reached (429).`,
    shortReason: 'rate limit',
  });

/** Waits before the next try, and logs why. */
export async function waitToRetry(
  { session: { clock }, log }: Sender,
  tries: number,
  error: Error,
): Promise<void> {
  const ms = backoffMs(tries, clock.random());
  log(`${error.message} Retrying in ${duration(ms)} (try ${tries + 1} of ${maxTries}).`);
  await clock.sleep(ms);
}

/** A request that was sent once, or could not be. */
type Sent<T> =
  | { kind: 'sent'; attempt: Attempt<T>; sentAt: number }
  | { kind: 'not sent'; error: FivetranError };

/** Sends a request once, as soon as the rate limit allows. */
async function sendWhenAllowed<T>(
  sender: Sender,
  request: Request<T>,
  progress: { tries: number; afterUnknown: boolean },
): Promise<Sent<T>> {
  const { rateLimit, signal } = sender.session;
  const entered = await rateLimit.enter(request.deadline);
  switch (entered.kind) {
    case 'turn':
      try {
        if (signal.aborted) throw new CancelledError();
        return await takeTurn(sender, request, { ...progress, turn: entered.turn });
      } finally {
        entered.turn.end();
      }
    case 'late':
      return { kind: 'not sent', error: tooLate(request) };
    case 'ended':
      return { kind: 'not sent', error: afterEnd(sender, request, entered.failure) };
    default:
      return entered satisfies never;
  }
}

async function takeTurn<T>(
  sender: Sender,
  request: Request<T>,
  { tries, afterUnknown, turn }: { tries: number; afterUnknown: boolean; turn: Turn },
): Promise<Sent<T>> {
  const { clock, debug, rateLimit } = sender.session;
  request.onInFlight?.(true);
  sender.hasSent = true;
  const sentAt = clock.now();
  const attempt = await exchangeInView(sender, request);
  const isKnown = attempt.kind === 'answered' || (attempt.kind !== 'unknown' && !afterUnknown);
  if (isKnown) request.onInFlight?.(false);
  const status = 'status' in attempt ? attempt.status : undefined;
  const ms = Math.round(clock.now() - sentAt);
  debug(`${request.method} ${request.path}: ${status ?? attempt.kind}, ${ms} ms, try ${tries}`);
  // Before the turn ends, so that the next request waits.
  if (attempt.kind === 'limited') turn.limited({ ...attempt, isPoll: request.isPoll });
  else if (status !== undefined) turn.passed();
  // After an unanswered try, the caller first reads what that one did.
  if (status === 401 && !afterUnknown) rateLimit.end(keyRejected);
  return { kind: 'sent', attempt, sentAt };
}

/** Why a request is not sent once the run has ended. */
const afterEnd = (sender: Sender, { purpose }: Request<unknown>, failure: Failure): FivetranError =>
  new FivetranError({
    ...failure,
    message: `${sender.hasSent ? `Could not ${purpose}` : 'Nothing was sent'}: ${failure.message}`,
  });

const tooLate = ({ purpose, isPoll }: Request<unknown>): FivetranError => {
  const failure = {
    message: `Could not ${purpose}: the time limit has passed.`,
    shortReason: 'no response in time',
  };
  return isPoll ? new OutcomeUnknownError(failure) : new FivetranError(failure);
};

/** One attempt; logs every 10 s what it is waiting for. */
async function exchangeInView<T>(
  { session: { api, clock, signal }, log }: Sender,
  request: Request<T>,
): Promise<Attempt<T>> {
  const begin = clock.now();
  const limit = duration((request.timeoutSeconds ?? api.timeoutSeconds) * 1000);
  const stop = clock.every(10_000, () => {
    const elapsed = duration(clock.now() - begin);
    log(`Waiting for Fivetran to ${request.purpose}: ${elapsed} so far, at most ${limit}.`);
  });
  try {
    return await exchange(api, request, { clock, signal });
  } finally {
    stop();
  }
}
