/** The choices, unless there are none: an empty mapping counts as left out. */
export const given = <Choice>(
  choices: Record<string, Choice> | undefined,
): Record<string, Choice> | undefined =>
  choices && Object.keys(choices).length > 0 ? choices : undefined;

/** Replaces each schema, table or column of one level. */
export const mapItems = <Item, Result>(
  items: Record<string, Item>,
  map: (item: Item, name: string) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(items).map(([name, item]) => [name, map(item, name)]));
