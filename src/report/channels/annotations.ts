import { failedTests, testsGraded } from '../../connection/setup/grade.ts';
import type { Failure } from '../../fivetran/http/errors.ts';
import type { SetupTest } from '../../fivetran/responses/connection.ts';
import { asSentence, joined, truncate } from '../../text/format.ts';
import type { StepLog } from '../runner/log.ts';
import { adviceFor, withoutBackticks } from '../verdict/next-steps.ts';
import { nextSentence, type Report } from '../verdict/report.ts';
import { presentedLines } from '../verdict/untrusted.ts';

/** What GitHub shows at the top of a run. */
export type Annotation = {
  level: 'error' | 'warning';
  title: string;
  text: string;
  /** Whether it concerns all connections of the run, so that one annotation is enough. */
  isRunWide?: boolean;
};

/** The runner shows ten annotations of a level for a step; one of them is for the failure line. */
export const maxAnnotations = 9;

/**
 * The annotations on one connection: one for each test that failed or warned, or for each problem
 * and warning of a dry run.
 *
 * @param entry the connection's name in a manifest
 */
export function annotationsOf(report: Report, entry?: string): Annotation[] {
  const { outcome } = report;
  const titled = (title: string): string => (entry === undefined ? title : `${entry}: ${title}`);
  if (outcome.kind === 'dry-run') {
    const title = titled('Dry run');
    return [
      ...outcome.problems.map((text) => ({ level: 'error' as const, title, text })),
      ...outcome.warnings.map((text) => ({ level: 'warning' as const, title, text })),
    ];
  }
  return [
    ...failedTests(outcome.connection).map((test) => ({
      level: 'error' as const,
      title: titled(test.title),
      text: failureText(test, report),
    })),
    ...testsGraded(outcome.connection, 'warned').map(({ title, message }) => ({
      level: 'warning' as const,
      title: titled(title),
      text: message || 'The setup test ended with a warning.',
    })),
  ];
}

function failureText(test: SetupTest, report: Report): string {
  const message = test.message || `The setup test ended as ${test.status}.`;
  const advice = withoutBackticks(adviceFor(test, report));
  return [message, ...presentedLines(test), `Next: ${advice}`].map(asSentence).join(' ');
}

/** Writes as many annotations as the runner shows; returns those that are left. */
export function annotate(annotations: readonly Annotation[], log: StepLog): Annotation[] {
  return (['error', 'warning'] as const).flatMap((level) => {
    const ofLevel = annotations.filter((annotation) => annotation.level === level);
    for (const { title, text } of ofLevel.slice(0, maxAnnotations)) {
      log[level](text, title ? { title } : {});
    }
    return ofLevel.slice(maxAnnotations);
  });
}

/** Characters of an entry's annotation: it is kept until all entries have ended. */
const maxText = 3000;

/** The annotations of an entry's tests; or its verdict, when no test failed or warned. */
export function entryAnnotations(report: Report, name: string): Annotation[] {
  const { outcome, verdict } = report;
  const { grade, message } = verdict;
  const level = grade === 'failed' ? 'error' : 'warning';
  const own = annotationsOf(report, name);
  const isExplained = grade === 'passed' || own.some((annotation) => annotation.level === level);
  const ofVerdict = {
    level,
    title: name,
    text: [message, ...nextSentence(report)].join(' '),
  } as const;
  return (
    outcome.kind === 'failed' && outcome.error.endsRun
      ? [...own, runWide(outcome.error)]
      : isExplained
        ? own
        : [...own, ofVerdict]
  )
    .slice(0, 2 * maxAnnotations)
    .map((annotation) => ({ ...annotation, text: truncate(annotation.text, maxText) }));
}

/** An error that ended the run says nothing about a single connection. */
const runWide = ({ message, hint }: Failure): Annotation => ({
  level: 'error',
  title: '',
  text: joined(message, hint && withoutBackticks(hint)),
  isRunWide: true,
});
