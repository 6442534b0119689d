import { duration } from '../../text/format.ts';

/** Shorter waits are not worth a word. */
const shortestMs = 60_000;

/** How long a run waited for Fivetran's rate limit, in words; nothing when it was a minute or less. */
export const rateLimitWait = (waitedMs: number): string[] =>
  waitedMs > shortestMs ? [`waited ${duration(waitedMs)} for Fivetran's rate limit`] : [];
