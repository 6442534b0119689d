import { conjunction, firstOf } from '../text/format.ts';
import { formatPath, type Path } from './problem.ts';

/** Collects what the user should know of the inputs although it is no problem. */
export type Notices = {
  /** A secret that did not come through `${NAME}`. */
  plainSecret(path: Path, value: string): void;
  /** Fields of a pasted response that are ignored. */
  readOnly(fields: readonly string[]): void;
  /** The notices as text: one for each kind, however often it occurs. */
  texts(): string[];
};

/** Places that a notice names; the others are counted. */
const maxPlaces = 5;

/** Creates a collection without notices. */
export function createNotices(): Notices {
  const literals = new Set<string>();
  const shellVariables = new Set<string>();
  const ignored = new Set<string>();
  return {
    plainSecret(path, value) {
      (isShellVariable(value) ? shellVariables : literals).add(formatPath(path));
    },
    readOnly(fields) {
      for (const field of fields) ignored.add(field);
    },
    texts: () => [
      ...secretNotice([...shellVariables], [...literals]),
      ...(ignored.size > 0
        ? [`Read-only fields in schemas are ignored: ${listed([...ignored])}.`]
        : []),
    ],
  };
}

function secretNotice(shellVariables: string[], literals: string[]): string[] {
  const sentences = [
    ...(shellVariables.length > 0
      ? [
          `Sent as written, although it looks like a variable: ${listed(shellVariables)}. Only \${NAME} is replaced.`,
        ]
      : []),
    ...(literals.length > 0
      ? [
          `Secrets that do not come through \${NAME}: ${listed(literals)}. Keep them in GitHub secrets, pass ` +
            "them through the step's env, and write ${NAME}, so that they can hold any character.",
        ]
      : []),
  ];
  return sentences.length > 0 ? [sentences.join(' ')] : [];
}

/** What shells, PowerShell and other tools replace: `$NAME`, `$(NAME)`, `$env:NAME`, `%NAME%`. */
const isShellVariable = (value: string): boolean =>
  /^(\$(env:)?[A-Za-z_]\w*|\$\([A-Za-z_]\w*\)|%[A-Za-z_]\w*%)$/i.test(value);

const listed = (places: readonly string[]): string =>
  places.length > maxPlaces ? firstOf(places, maxPlaces) : conjunction(places);
