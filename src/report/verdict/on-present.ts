import { joined, pluralize } from '../../text/format.ts';
import { doubtOf, nameOf } from './known-state.ts';
import { type Advised, nextSteps } from './next-steps.ts';
import type { OutcomeOf } from './redact.ts';
import { setupFailure } from './setup-failure.ts';
import { countTests, describeCounts } from './tests.ts';
import { failedVerdict, passedVerdict, type Verdict } from './verdict.ts';

type PresentOutcome = OutcomeOf<'present'>;

/** Judges a connection that is present: by its setup, then by what came after it. */
export function onPresent(outcome: PresentOutcome, advised: Advised): Verdict {
  const { result, connection, sync, isGone } = outcome;
  const subject = `${nameOf(outcome)} was ${result}`;
  const next = nextSteps(outcome, advised);
  const later = laterEvents(outcome);
  const laterWords = later.map(({ words }) => words);
  const laterFacts = later.map(({ fact }) => fact);
  const failure = setupFailure(connection, advised.spec);
  if (failure) {
    return {
      ...failedVerdict([failure.headline, ...laterWords].join('; '), '', next),
      message: joined(`${subject}, but ${failure.message}`, ...laterFacts),
      // Notes tell what on_failed_tests did.
      details: joined(sync?.message, doubtOf(outcome)?.fact),
      quoted: failure.quoted,
    };
  }
  const { setup_state } = connection.status;
  const counts = countTests(connection.setup_tests);
  const tests = describeCounts(counts);
  const details = joined(sync?.message, ...laterFacts);
  const message = joined(
    `${subject}${setup_state && !isGone ? ` and is ${setup_state}` : ''}.`,
    tests ? `Setup tests: ${tests}.` : 'No setup tests ran.',
    details,
  );
  if (isGone) return { ...failedVerdict(`${result}, then gone`, message, next), details };
  if (sync && sync.state !== 'succeeded') {
    const { reasons = [] } = sync;
    return { ...failedVerdict(`sync ${sync.state}`, message, next), details, quoted: reasons };
  }
  const headline = [
    ...setupWords(outcome),
    ...(sync ? ['sync succeeded'] : []),
    ...(counts.warned > 0 ? [pluralize(counts.warned, 'warning')] : []),
    ...laterWords,
  ].join(', ');
  const grade = next.length > 0 ? 'warned' : 'passed';
  return { ...passedVerdict(headline, message), grade, details, next };
}

function setupWords({ result, connection }: PresentOutcome): string[] {
  const { setup_state } = connection.status;
  if (setup_state === 'connected') return [`${result} and connected`];
  return setup_state ? [result, `setup ${setup_state}`] : [result];
}

/** What came after the setup, in words for the heading and as a sentence. */
function laterEvents(outcome: PresentOutcome): { words: string; fact: string }[] {
  const { cleanup, unknownCleanup, isGone } = outcome;
  const doubt = doubtOf(outcome);
  const doubtfulCleanup = unknownCleanup && { pause: 'paused', delete: 'deleted' }[unknownCleanup];
  return [
    ...(cleanup
      ? [{ words: `connection ${cleanup}`, fact: `It was then ${cleanup} (on_failed_tests).` }]
      : []),
    ...(doubtfulCleanup
      ? [
          {
            words: `unknown whether the connection was ${doubtfulCleanup}`,
            fact: `It is unknown whether it was then ${doubtfulCleanup} (on_failed_tests).`,
          },
        ]
      : []),
    ...(isGone ? [{ words: 'connection gone', fact: 'It is gone.' }] : []),
    ...(doubt ? [{ words: 'another one may appear', fact: doubt.fact }] : []),
  ];
}
