/** The names that lead to a schema, table or column; empty for the whole tree. */
export type ItemPath = readonly string[];

const levels = ['schema', 'table', 'column'] as const;

/** What a path leads to, in words. */
export const levelOf = (path: ItemPath): string => levels[path.length - 1] ?? 'tree';

/** The field that holds the items of a path: `schemas`, `tables`, or `columns`. */
export const fieldBelow = (path: ItemPath): string => `${levels[path.length] ?? 'item'}s`;

/** A path as a database writes it: `public.orders`. */
export const dotted = (path: ItemPath): string => path.join('.');

/** A path as it stands in the step's inputs: `schemas.public.tables.orders`. */
export const inputPath = (path: ItemPath): string =>
  path.map((name, depth) => `${levels[depth]}s.${name}`).join('.');

/** The first names of a list, and how many more there are: `a, b, and 3 more`. */
export function abbreviate(names: readonly string[], max: number): string {
  const more = names.length - max;
  const shown = more > 0 ? [...names.slice(0, max), `${more} more`] : names;
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(shown);
}
