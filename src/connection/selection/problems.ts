import { type FivetranError, RefusedError } from '../../fivetran/http/errors.ts';
import { pathAsWritten } from '../../inputs/selection.ts';
import type { SchemaSelection } from '../../inputs/spec.ts';
import { nearest } from '../../text/nearest.ts';
import { abbreviate, type ItemPath, inputPath, levelOf } from './path.ts';

/** How many problems one message holds, and about how many characters of them. */
const maxProblems = 50;
const maxLength = 2500;

/** The items of one level that the selection lists, and those that the source has. */
type Level = { path: ItemPath; selected: object | undefined; items: object };

/**
 * Adds a problem for each schema, table or column that the selection lists and the source lacks.
 * Names are shown as the user wrote them.
 */
export function addMissing(
  { path, selected = {}, items }: Level,
  { selection, problems }: { selection: SchemaSelection; problems: string[] },
): void {
  const written = (name: string): string[] => pathAsWritten([...path, name], selection);
  for (const name of Object.keys(selected)) {
    if (Object.hasOwn(items, name)) continue;
    const level = levelOf([...path, name]);
    const message = `${inputPath(written(name))}: the source has no such ${level}.`;
    // A suggestion costs a comparison with every name of the level.
    const isShown = problems.length < maxProblems;
    const known = isShown ? Object.keys(items) : [];
    const shown = (other: string): string => written(other).at(-1) ?? other;
    const meant = nearest(name, known);
    if (!isShown) problems.push(message);
    else if (meant !== undefined) problems.push(`${message} Did you mean ${shown(meant)}?`);
    else if (known.length === 0) problems.push(`${message} It has no ${level}s here.`);
    else problems.push(`${message} It has ${abbreviate(known.map(shown), 5)}.`);
  }
}

/** The problem that Fivetran locks whether an item is enabled. */
export const lockedProblem = (path: ItemPath, enabled: boolean): string =>
  `${inputPath(path)}: Fivetran does not allow ${enabled ? 'disabling' : 'enabling'} this ${levelOf(path)}.`;

/** The problem that the columns of a table cannot be selected. */
export const columnsProblem = (path: ItemPath): string =>
  `${inputPath(path)}.columns: Fivetran does not support choosing the columns of this table.`;

/**
 * The first problems of a list as one text. Reports cut long texts, so it begins with their number.
 */
export function listProblems(problems: readonly string[]): string {
  const shown = problems.slice(0, maxProblems);
  while (shown.length > 1 && shown.join(' ').length > maxLength) shown.pop();
  const text = shown.join(' ');
  return shown.length < problems.length
    ? `${problems.length} problems (${shown.length} shown): ${text}`
    : text;
}

/** Whether Fivetran refused a request for what its body says. */
export const isBadRequest = (error: unknown): error is RefusedError =>
  error instanceof RefusedError && error.status === 400;

/**
 * The error of a request that was refused with a policy, with what to do if that is the reason.
 *
 * @param current the policy that the schema has; undefined when it is not known
 */
export const withPolicyHint = (error: FivetranError, current: unknown): FivetranError =>
  error.withHint(policyHint(current));

/** What to do when a service accepts only its own policy. */
export const policyHint = (current: unknown): string =>
  typeof current === 'string'
    ? `The service may accept only its own schema_change_handling. Its schema has ${current}; if that is the reason, set schema_change_handling: ${current}.`
    : 'The service may accept only its own schema_change_handling; SAP services, for example, have ALLOW_COLUMNS.';
