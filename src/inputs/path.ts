/** Where a value stands: keys of mappings and positions in lists, from the outside in. */
export type Path = readonly (string | number)[];

/** A path as people write it: `config.hosts[0].name`. */
export const formatPath = (path: Path): string =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${step}`))
    .join('');

/** Whether one path leads to the other, or both are the same. */
export const overlaps = (a: Path, b: Path): boolean =>
  a.slice(0, b.length).every((step, at) => step === b[at]);
