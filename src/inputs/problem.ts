import { nearest } from '../text/nearest.ts';

/** The location of a value: mapping keys and list positions, outermost first. */
export type Path = readonly (string | number)[];

/** One problem with what the user wrote. */
export type Problem = {
  /** The input, or the place in a file: `['connect_card_config', 'redirect_uri']`. */
  path: Path;
  /** What is wrong, with which value, and what is allowed. */
  message: string;
  /** The line in the file or in the input's text, counted from 1. */
  line?: number;
  /** The file with the problem, relative to the workspace. */
  file?: string;
};

/** A path as text: `config.hosts[0].name`. */
export const formatPath = (path: Path): string =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${step}`))
    .join('');

/** Whether one path is a prefix of the other, or both are the same. */
export const overlaps = (a: Path, b: Path): boolean =>
  a.slice(0, b.length).every((step, at) => step === b[at]);

/** A problem as one line of text. */
export function problemText({ path, message, file, line }: Problem): string {
  const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`];
  return [...place, ...(path.length > 0 ? [formatPath(path)] : []), message].join(': ');
}

/** A value for an error message, without anything that may be a secret. */
export function display(value: unknown): string {
  if (typeof value !== 'string') return isScalar(value) ? String(value) : kindOf(value);
  if (value.includes('PRIVATE KEY')) return kindOf(value);
  if (value.includes('-----BEGIN ')) return 'a PEM file';
  if (/^-?\d+(\.\d+)?$/.test(value)) return value;
  // A URL has its password before the @, and often a token after ? or #.
  const [, before = '', rest = ''] = /^(.*@)?(.*)$/s.exec(value) ?? [];
  const shown = /[?#]/.test(before) ? '***' : (before && '***@') + rest.replace(/[?#].+/s, '***');
  return JSON.stringify(shown);
}

/** The kind of a value, without anything of the value itself. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean';

/** The problem of a value that breaks the rule of its field. */
export const invalid = (path: Path, rule: string, given: string): Problem => ({
  path,
  message: `${rule}, got ${given}.`,
});

/** The problem of an unknown key; suggests the nearest known one. */
export function unknownField(path: Path, known: readonly string[]): Problem {
  const name = String(path.at(-1));
  const near = nearest(name, known);
  const hint = near ? `Did you mean ${near}?` : `Known fields: ${known.join(', ')}.`;
  return { path, message: `unknown field. ${hint}` };
}

/** Where a step reports besides its log. */
export type Reporting = {
  summary: boolean;
  /**
   * What writes the pull request comment, and tells it from others; undefined without `comment:
   * true`.
   */
  comment: { github_token: string; comment_key: string } | undefined;
};

/** The inputs are invalid, and nothing was changed. Holds all problems of the run. */
export class InputError extends Error {
  override name = 'InputError';

  readonly problems: readonly Problem[];
  readonly reporting: Reporting;
  readonly consequence: string;

  /**
   * @param reporting what could be read of the inputs that say where to report
   * @param consequence what the step left undone, as a sentence
   */
  constructor(
    problems: readonly Problem[],
    reporting: Reporting = { summary: true, comment: undefined },
    consequence = 'Nothing was sent to Fivetran.',
  ) {
    const [first = '', ...others] = problems.map(problemText);
    super(
      others.length === 0
        ? `${first} ${consequence}`
        : `${problems.length} problems with the inputs. ${consequence}\n${[first, ...others].map((line) => `- ${line}`).join('\n')}`,
    );
    this.problems = problems;
    this.reporting = reporting;
    this.consequence = consequence;
  }
}
