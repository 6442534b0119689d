import type { Settings } from './spec.ts';

/** One problem with what the user wrote. */
export type Problem = {
  /** An input's name or a path such as `connect_card_config.redirect_uri`; in a file, the path within it. */
  field: string;
  /** What is wrong, with which value, and what is allowed. */
  message: string;
  /** The file with the problem, relative to the workspace. */
  file?: string;
  /** The line in that file, counted from 1. */
  line?: number;
};

/** A problem as one line of text. */
export function problemText({ field, message, file, line }: Problem): string {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  return [...place, ...(field ? [field] : []), message].join(': ');
}

/** Where a step reports besides its log. */
type Reporting = Pick<Settings, 'summary' | 'comment'>;

/** The inputs are invalid, and nothing was sent. Holds all problems of the run. */
export class InputError extends Error {
  override name = 'InputError';

  /** @param reporting what could be read of the inputs that say where to report */
  constructor(
    readonly problems: readonly Problem[],
    readonly reporting: Reporting = { summary: true, comment: undefined },
  ) {
    const [first = '', ...others] = problems.map(problemText);
    super(
      others.length === 0
        ? `${first} Nothing was sent to Fivetran.`
        : `${problems.length} problems with the inputs. Nothing was sent to Fivetran.\n${[first, ...others].map((line) => `- ${line}`).join('\n')}`,
    );
  }
}
