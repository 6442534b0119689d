import { duration } from '../../text/format.ts';
import type { Request, ServerTime } from './attempt.ts';
import { FivetranError, OutcomeUnknownError, type RefusedError } from './errors.ts';
import { backoffMs, maxTries } from './retry-timing.ts';
import { type Sender, sendWhenAllowed } from './send-when-allowed.ts';

/**
 * The final outcome of a request, after retries. `afterUnknown`: an earlier try went unanswered
 * and may have been processed. `sentAt`: when the first such try was sent, on the step's clock.
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
 * Sends a request until its outcome is known. What was not processed (429, never sent) is sent
 * again; what may have been processed is sent again only when the request is `idempotent`. A poll
 * without a response ends as `unknown`, whatever the reason.
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
