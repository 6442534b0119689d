/** Finds a fixed set of texts, the terms, within other texts. */
export type Automaton = {
  /** Calls back with the longest term that ends at each place of a text, from left to right. */
  find(text: string, onMatch: (start: number, end: number) => void): void;
  /** The length of the longest beginning of a term, or whole term, that a text ends with. */
  tailOf(text: string): number;
};

/**
 * Builds an Aho-Corasick automaton: it reads each character of a text once, whatever the terms
 * are.
 *
 * A node stands for a beginning of a term, node 0 for the empty one. Most nodes have a single
 * successor, which is stored right behind them, so that a character of a term takes 12 bytes.
 *
 * @see https://doi.org/10.1145/360825.360855
 */
export function createAutomaton(terms: readonly string[]): Automaton {
  const capacity = terms.reduce((sum, { length }) => sum + length, 1);
  /** The last character of each node. */
  const units = new Uint16Array(capacity);
  /** Whether a node is a successor of the one before it; the others stand in `branches`. */
  const continues = new Uint8Array(capacity + 1);
  const hasBranches = new Uint8Array(capacity);
  /** The successors of node 0, where most of a text is read. */
  const starts = new Int32Array(0x10000);
  /** The node of the longest proper end of a node that is a node too. */
  const fallbacks = new Int32Array(capacity);
  /** The length of the longest term that a node ends with. */
  const matches = new Int32Array(capacity);
  const branches = new Map<number, Map<number, number>>();
  const parents = new Map<number, number>();
  let size = 1;

  for (const term of terms) insert(term);
  link();

  function insert(term: string): void {
    let node = 0;
    for (let at = 0; at < term.length; at++) {
      const unit = term.charCodeAt(at);
      node = successor(node, unit) || append(node, unit);
    }
    matches[node] = term.length;
  }

  function append(parent: number, unit: number): number {
    const node = size++;
    units[node] = unit;
    if (parent === 0) starts[unit] = node;
    if (node === parent + 1) {
      continues[node] = 1;
    } else {
      const siblings = branches.get(parent) ?? new Map<number, number>();
      branches.set(parent, siblings.set(unit, node));
      hasBranches[parent] = 1;
      parents.set(node, parent);
    }
    return node;
  }

  /** Completes the nodes from the shortest to the longest. */
  function link(): void {
    const queue = new Int32Array(size);
    let end = 1;
    const complete = (node: number, parent: number): void => {
      const fallback = parent === 0 ? 0 : step(fallbacks[parent] ?? 0, units[node] ?? 0);
      fallbacks[node] = fallback;
      matches[node] ||= matches[fallback] ?? 0;
      queue[end++] = node;
    };
    for (let at = 0; at < end; at++) {
      const node = queue[at] ?? 0;
      if (continues[node + 1] === 1) complete(node + 1, node);
      for (const child of branches.get(node)?.values() ?? []) complete(child, node);
    }
  }

  /** The node that is one character longer; 0 when there is none. */
  function successor(node: number, unit: number): number {
    if (node === 0) return starts[unit] ?? 0;
    if (continues[node + 1] === 1 && units[node + 1] === unit) return node + 1;
    return hasBranches[node] === 1 ? (branches.get(node)?.get(unit) ?? 0) : 0;
  }

  /** The node of the longest end of what was read, once `unit` is read at `from`. */
  function step(from: number, unit: number): number {
    for (let node = from; ; node = fallbacks[node] ?? 0) {
      const next = successor(node, unit);
      if (next !== 0 || node === 0) return next;
    }
  }

  return {
    find(text, onMatch) {
      let node = 0;
      for (let at = 0; at < text.length; at++) {
        node = step(node, text.charCodeAt(at));
        const length = matches[node] ?? 0;
        if (length > 0) onMatch(at + 1 - length, at + 1);
      }
    },
    tailOf(text) {
      let node = 0;
      for (let at = 0; at < text.length; at++) node = step(node, text.charCodeAt(at));
      let length = 0;
      for (; node !== 0; length++) node = continues[node] ? node - 1 : (parents.get(node) ?? 0);
      return length;
    },
  };
}
