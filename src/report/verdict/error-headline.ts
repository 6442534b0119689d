import type { Outcome } from '../../connection/outcome.ts';
import type { ConnectionSpec } from '../../inputs/spec.ts';
import { oneLine, truncate } from '../../text/format.ts';

type Failed = Extract<Outcome, { kind: 'failed' }>;

/** How far the work came before an error. */
export function endOf(
  { change, cleanup, inFlight }: Failed,
  spec: ConnectionSpec | undefined,
): string {
  if (inFlight) return 'outcome unknown';
  if (change && change !== 'reused') return `${change}, then ${cleanup ?? 'failed'}`;
  if (spec?.state === 'absent') return 'not deleted';
  return spec?.if_exists === 'fail' ? 'not created' : 'failed';
}

/** The first sentence of a text, and the others. */
export function splitSentence(text: string): [string, string] {
  const first = /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
  return [first, text.slice(first.length).trim()];
}

/** A sentence as a heading. */
export const headlineOf = (sentence: string): string =>
  truncate(oneLine(sentence).replace(/\.$/, ''), 160);
