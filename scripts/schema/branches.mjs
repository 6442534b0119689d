import { when } from './forms.mjs';

/** @typedef {import('./forms.mjs').Schema} Schema */

/**
 * How a name leads to a schema.
 *
 * @typedef {object} Branching
 * @property {(name: Schema) => Schema} where a condition on the value that holds the name
 * @property {(name: string) => Schema} apply what is then applied to that value
 */

/** How many conditions an editor tries one after the other. */
const WIDTH = 6;

/**
 * Applies the schema that belongs to a name, which is known to be a text. The branches form a tree of
 * prefixes: yaml-language-server would take ten times as long for a flat list of hundreds.
 *
 * @param {string[]} names sorted
 * @param {Branching} branching
 * @returns {Schema}
 */
export function branchesByName(names, { where, apply }) {
  /** @param {string[]} prefixes */
  const beginsWith = (prefixes) => where({ pattern: `^(${prefixes.join('|')})` });

  /** @param {string} name */
  function leaf(name) {
    // While completing, yaml-language-server takes the beginning of a constant for the constant.
    const isLonger = names.some((other) => other !== name && name.startsWith(other));
    return when(where({ const: name, ...(isLonger && { minLength: name.length }) }), apply(name));
  }

  /** @param {string[]} members @param {number} length of their common prefix @returns {Schema} */
  function branches(members, length) {
    if (members.length <= WIDTH) return { allOf: members.map(leaf) };
    const groups = groupsOf(members, length + 1);
    if (groups.length === 1) return branches(members, length + 1);
    const all = groups.map(({ prefix, members: [first = '', ...others] }) => ({
      prefix,
      branch:
        others.length === 0
          ? leaf(first)
          : when(beginsWith([prefix]), branches([first, ...others], length + 1)),
    }));
    if (all.length <= WIDTH) return { allOf: all.map(({ branch }) => branch) };
    const bundles = chunksOf(all, WIDTH).map((bundle) =>
      when(beginsWith(bundle.map(({ prefix }) => prefix)), {
        allOf: bundle.map(({ branch }) => branch),
      }),
    );
    return { allOf: bundles };
  }

  return branches(names, 0);
}

/** Groups sorted names by their first characters. @param {string[]} names @param {number} length */
function groupsOf(names, length) {
  const prefixes = [...new Set(names.map((name) => name.slice(0, length)))];
  return prefixes.map((prefix) => ({
    prefix,
    members: names.filter((name) => name.slice(0, length) === prefix),
  }));
}

/** @template T @param {T[]} list @param {number} size @returns {T[][]} */
const chunksOf = (list, size) =>
  list.flatMap((_, at) => (at % size === 0 ? [list.slice(at, at + size)] : []));
