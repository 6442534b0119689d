import { isDeepStrictEqual } from 'node:util';

/** The fields of one entry of a file, in order. */
export type FileEntry = {
  name: string;
  /** Its `config`; those of `naming` are never shared. */
  config: ReadonlyMap<string, unknown>;
  naming: ReadonlySet<string>;
  /** The other fields. */
  fields: ReadonlyMap<string, unknown>;
};

/** A manifest as nested maps, which keep the order of their keys. */
export type FileLayout = { defaults: Map<string, unknown>; connections: Map<string, unknown> };

/**
 * Puts what is equal in all entries under `defaults`: `config` by its keys, everything else as a
 * whole. A single entry keeps its fields.
 *
 * @param shared fields of all entries that no entry repeats
 */
export function layOut(
  shared: ReadonlyMap<string, unknown>,
  entries: readonly FileEntry[],
): FileLayout {
  const common = commonOf(entries.map(({ fields }) => fields));
  const commonConfig = commonOf(entries.map(({ config }) => config));
  for (const { naming } of entries) for (const field of naming) commonConfig.delete(field);
  const rest = (from: ReadonlyMap<string, unknown>, common: ReadonlyMap<string, unknown>) =>
    new Map([...from].filter(([key]) => !common.has(key)));
  const connections = entries.map(({ name, config, fields }): [string, unknown] => [
    name,
    inOrder(rest(fields, common), rest(config, commonConfig)),
  ]);
  return {
    defaults: new Map([...shared, ...inOrder(common, commonConfig)]),
    connections: new Map(connections),
  };
}

/** The keys that all maps have with the same value; none of a single map. */
function commonOf(maps: readonly ReadonlyMap<string, unknown>[]): Map<string, unknown> {
  const [first, ...others] = maps;
  if (!first || others.length === 0) return new Map();
  return new Map(
    [...first].filter(([key, value]) =>
      others.every((other) => other.has(key) && isDeepStrictEqual(other.get(key), value)),
    ),
  );
}

/** The fields with `service` first and `config` after it. */
function inOrder(
  fields: ReadonlyMap<string, unknown>,
  config: ReadonlyMap<string, unknown>,
): Map<string, unknown> {
  const service = [...fields].filter(([key]) => key === 'service');
  const others = [...fields].filter(([key]) => key !== 'service');
  const middle: [string, unknown][] = config.size > 0 ? [['config', config]] : [];
  return new Map([...service, ...middle, ...others]);
}
