import { duration } from '../../text/format.ts';
import type { Attempt, Request } from './attempt.ts';
import {
  CancelledError,
  type Failure,
  FivetranError,
  keyRejected,
  OutcomeUnknownError,
} from './errors.ts';
import { exchange } from './exchange.ts';
import type { Turn } from './pace/rate-limit.ts';
import type { Log, Session } from './session.ts';

/** Who sends: the session, and what belongs to one connection. */
export type Sender = {
  session: Session;
  /** Gets waits and retries. */
  log: Log;
  /** Whether any request was sent. */
  hasSent: boolean;
};

/** A request that was sent once, or could not be. */
export type Sent<T> =
  | { kind: 'sent'; attempt: Attempt<T>; sentAt: number }
  | { kind: 'not sent'; error: FivetranError };

/**
 * Sends a request once, as soon as the rate limit allows.
 *
 * @param progress how often it is sent by now, and whether an earlier try went unanswered
 * @throws CancelledError when the run is cancelled
 */
export async function sendWhenAllowed<T>(
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
  const sentAt = clock.now();
  const attempt = await exchangeInView(sender, request);
  sender.hasSent ||= attempt.kind !== 'unsent';
  const isKnown = attempt.kind === 'answered' || (attempt.kind !== 'unknown' && !afterUnknown);
  if (isKnown) request.onInFlight?.(false);
  const status = 'status' in attempt ? attempt.status : undefined;
  const ms = Math.round(clock.now() - sentAt);
  const path = request.shownPath ?? request.path;
  debug(`${request.method} ${path}: ${status ?? attempt.kind}, ${ms} ms, try ${tries}`);
  // Before the turn ends, so that the next request waits.
  if (attempt.kind === 'limited') turn.limited({ ...attempt, isPoll: request.isPoll });
  else if (status !== undefined) turn.passed();
  // After an unanswered change, the caller first reads what that one did.
  if (status === 401 && !(afterUnknown && request.onInFlight)) rateLimit.end(keyRejected);
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
    message: `Could not ${purpose}: the time limit (sync_timeout_minutes) has passed.`,
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
