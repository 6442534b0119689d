import { duration } from '../../../text/format.ts';
import type { ServerTime } from '../attempt.ts';
import type { Clock } from '../clock.ts';
import { utcTime } from '../timestamp.ts';

/** The waits of a run for the rate limit, one after the other. */
export type Waits = {
  /** How many have begun. */
  count(): number;
  /** When the last one ends or ended, in milliseconds on the step's clock. */
  end(): number;
  /** Whether no request has to wait now. */
  isOver(): boolean;
  /** Begins a wait. */
  begin(): void;
  /** Makes the wait last until this time at least, and logs it. */
  extend(until: number, date: ServerTime | undefined): void;
  /** When the present wait ends, in milliseconds since the epoch; undefined when there is none. */
  timeOfEnd(): number | undefined;
  /** How long all waits took so far, in milliseconds. */
  waitedMs(): number;
};

/** A wait that turns out longer than was said by more than this is told again. */
const noticeableMs = 5000;

/**
 * Creates the waits of a run.
 *
 * @param log gets one line per wait
 */
export function createWaits(
  clock: Pick<Clock, 'now' | 'date'>,
  log: (line: string) => void,
): Waits {
  let count = 0;
  let end = 0;
  let announcedEnd = 0;
  let totalMs = 0;
  /** From the step's clock to the time of day. */
  let offset = 0;
  return {
    count: () => count,
    end: () => end,
    isOver: () => clock.now() >= end,
    begin() {
      count++;
      end = clock.now();
    },
    extend(until, date) {
      const now = clock.now();
      if (until <= end) return;
      totalMs += until - end;
      end = until;
      offset = date ? date.server - date.local : clock.date() - now;
      if (until - announcedEnd <= noticeableMs && announcedEnd > now) return;
      announcedEnd = until;
      log(
        `Fivetran's rate limit is reached (429): all requests wait ${duration(until - now)}, ` +
          `until ${utcTime(until + offset)}.`,
      );
    },
    timeOfEnd: () => (clock.now() < end ? end + offset : undefined),
    waitedMs: () => totalMs - Math.max(0, end - clock.now()),
  };
}
