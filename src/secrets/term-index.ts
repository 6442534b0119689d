import { type Automaton, createAutomaton } from './automaton.ts';

/** A part of a text, from its first character to the one after its last. */
export type Range = [start: number, end: number];

/** A growing set of texts, the terms, to be found within other texts in linear time. */
export type TermIndex = {
  add(term: string): void;
  /** Where terms stand in a text, in order. Those that overlap are one range. */
  find(text: string): Range[];
  /** The length of the longest beginning of a term that a text ends with. */
  tailOf(text: string): number;
  /** The lengths of the shortest and the longest term. */
  lengths(): { shortest: number; longest: number };
};

/** Creates an empty index. Terms that were added are taken in by the next search. */
export function createTermIndex(): TermIndex {
  const known = new Set<string>();
  const batches: { terms: string[]; automaton: Automaton }[] = [];
  let added: string[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;

  function automata(): Automaton[] {
    if (added.length > 0) {
      let terms = added;
      added = [];
      // Each batch is larger than the next, so there are few, and a term is rarely built in again.
      for (let last = batches.at(-1); last && last.terms.length <= terms.length; ) {
        terms = last.terms.concat(terms);
        batches.pop();
        last = batches.at(-1);
      }
      batches.push({ terms, automaton: createAutomaton(terms) });
    }
    return batches.map(({ automaton }) => automaton);
  }

  return {
    add(term) {
      if (known.has(term)) return;
      known.add(term);
      added.push(term);
      shortest = Math.min(shortest, term.length);
      longest = Math.max(longest, term.length);
    },
    find: (text) => mergeRanges(automata().flatMap((automaton) => rangesOf(automaton, text))),
    tailOf(text) {
      const end = text.slice(-longest);
      return Math.max(0, ...automata().map((automaton) => automaton.tailOf(end)));
    },
    lengths: () => ({ shortest, longest }),
  };
}

/**
 * Where the terms of an automaton stand in a text. Merged at once: there can be one a character.
 */
function rangesOf(automaton: Automaton, text: string): Range[] {
  const ranges: Range[] = [];
  automaton.find(text, (start, end) => {
    let last = ranges.at(-1);
    if (!last || last[1] <= start) return void ranges.push([start, end]);
    last[1] = end;
    for (let before = ranges.at(-2); before && before[1] > start; before = ranges.at(-2)) {
      before[1] = end;
      ranges.pop();
      last = before;
    }
    last[0] = Math.min(last[0], start);
  });
  return ranges;
}

/** The ranges in order; those that overlap become one. */
export function mergeRanges(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
