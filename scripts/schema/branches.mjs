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
 * The definitions that apply the schema which belongs to a name. The first one, called `title`, is to be
 * used where the name is known to be a text.
 *
 * The branches form a tree of prefixes: yaml-language-server would take ten times as long for a flat
 * list of hundreds. Each is a definition: validators compile large ones slowly.
 *
 * @param {string} title
 * @param {string[]} names sorted
 * @param {Branching} branching
 * @returns {Record<string, Schema>}
 */
export function branchesByName(title, names, { where, apply }) {
  /** @type {Record<string, Schema>} */
  const definitions = {};

  /** @param {string} key @param {string[]} members @param {number} length of their common prefix */
  function define(key, members, length) {
    if (members.length <= WIDTH) {
      definitions[key] = { allOf: members.map(leaf) };
      return;
    }
    const groups = groupsOf(members, length);
    if (groups.length === 1) return define(key, members, length + 1);
    if (groups.length <= WIDTH) {
      definitions[key] = { allOf: groups.map((group) => branch([group], length + 1)) };
      return;
    }
    const bundles = chunksOf(groups, WIDTH);
    definitions[key] = { allOf: bundles.map((bundle) => branch(bundle, length)) };
  }

  /** @param {Group[]} groups @param {number} length at which their members differ */
  function branch(groups, length) {
    const members = groups.flatMap((group) => group.members);
    const [only = '', ...others] = members;
    if (others.length === 0) return leaf(only);
    const prefixes = groups.map(({ prefix }) => prefix);
    const key = `${title}-${[...new Set([prefixes[0], prefixes.at(-1)])].join('-')}`;
    define(key, members, length);
    return when(where({ pattern: `^(${prefixes.join('|')})` }), { $ref: `#/$defs/${key}` });
  }

  /** @param {string} name */
  function leaf(name) {
    // While completing, yaml-language-server takes the beginning of a constant for the constant.
    const isLonger = names.some((other) => other !== name && name.startsWith(other));
    return when(where({ const: name, ...(isLonger && { minLength: name.length }) }), apply(name));
  }

  define(title, names, 1);
  return definitions;
}

/** @typedef {{ prefix: string, members: string[] }} Group names that begin with the prefix */

/**
 * Groups sorted names by their first characters.
 *
 * @param {string[]} names
 * @param {number} length
 * @returns {Group[]}
 */
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
