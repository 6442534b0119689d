import { nearest } from '../../text/nearest.ts';
import { abbreviate, inputPath, levelOf, type Path } from './path.ts';

/** How many problems one message holds. */
export const maxProblems = 50;

/**
 * The problem that the source lacks a schema, table or column.
 *
 * @param known the names that exist; undefined to suggest none
 */
export function missingProblem(path: Path, known: readonly string[] | undefined): string {
  const message = `${inputPath(path)}: the source has no such ${levelOf(path)}.`;
  if (!known) return message;
  const meant = nearest(path.at(-1) ?? '', known);
  if (meant !== undefined) return `${message} Did you mean ${meant}?`;
  return known.length > 0
    ? `${message} It has ${abbreviate(known, 5)}.`
    : `${message} It has no ${levelOf(path)}s here.`;
}

/** The problem that Fivetran locks whether an item is enabled. */
export const lockedProblem = (path: Path, enabled: boolean): string =>
  `${inputPath(path)}: Fivetran does not allow ${enabled ? 'disabling' : 'enabling'} this ${levelOf(path)}.`;

/** The problem that the columns of a table cannot be selected. */
export const columnsProblem = (path: Path): string =>
  `${inputPath(path)}.columns: Fivetran does not support choosing the columns of this table.`;

/** The first problems of a list as one text, and how many more there are. */
export function listProblems(problems: readonly string[]): string {
  const rest = problems.length - maxProblems;
  const shown = problems.slice(0, maxProblems).join(' ');
  return rest > 0 ? `${shown} There ${rest === 1 ? 'is' : 'are'} ${rest} more.` : shown;
}
