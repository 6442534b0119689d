import { nearest } from '../../text/nearest.ts';
import { abbreviate, inputPath, levelOf, type Path } from './path.ts';

/** How many problems one message holds, and about how many characters of them. */
export const maxProblems = 50;
const maxLength = 2500;

/**
 * The problem that the source lacks a schema, table or column.
 *
 * @param path with the names as the user wrote them
 * @param near the name itself, and those that exist; undefined to suggest none
 */
export function missingProblem(
  path: Path,
  near: { name: string; known: readonly string[] } | undefined,
): string {
  const message = `${inputPath(path)}: the source has no such ${levelOf(path)}.`;
  if (!near) return message;
  const { name, known } = near;
  const meant = nearest(name, known);
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

/** The first problems of a list as one text. Reports cut long texts, so it begins with their number. */
export function listProblems(problems: readonly string[]): string {
  const shown = problems.slice(0, maxProblems);
  while (shown.length > 1 && shown.join(' ').length > maxLength) shown.pop();
  const text = shown.join(' ');
  return shown.length < problems.length
    ? `${problems.length} problems (${shown.length} shown): ${text}`
    : text;
}
