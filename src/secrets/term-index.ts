import { countUpTo } from './sorted.ts';
import { shortestSecret } from './variants.ts';

/** A set of texts that can be found at a place of another text without trying each. */
export type TermIndex = {
  add(term: string): void;
  /** The length of the longest term that stands in `text` at `at`; 0 when there is none. */
  lengthAt(text: string, at: number): number;
};

/** Makes an empty index. Terms are at least as long as the shortest secret. */
export function makeTermIndex(): TermIndex {
  /** The terms by their first characters, each list sorted. */
  const byStart = new Map<string, { terms: string[]; longest: number }>();

  return {
    add(term) {
      const start = term.slice(0, shortestSecret);
      const { terms, longest } = byStart.get(start) ?? { terms: [], longest: 0 };
      const place = countUpTo(terms, term);
      if (terms[place - 1] === term) return;
      terms.splice(place, 0, term);
      byStart.set(start, { terms, longest: Math.max(longest, term.length) });
    },
    lengthAt(text, at) {
      const entry = byStart.get(text.slice(at, at + shortestSecret));
      return entry ? longestPrefix(entry.terms, text.slice(at, at + entry.longest)) : 0;
    },
  };
}

/**
 * The length of the longest term that a text begins with. A term that it begins with sorts at or
 * before it, and begins every term that sorts in between; so a nearest term that does not match
 * shows how much of the text is left to look for.
 */
function longestPrefix(sorted: string[], text: string): number {
  for (let rest = text; ; ) {
    const nearest = sorted[countUpTo(sorted, rest) - 1];
    if (nearest === undefined) return 0;
    if (rest.startsWith(nearest)) return nearest.length;
    let common = 0;
    while (nearest[common] === rest[common]) common++;
    rest = rest.slice(0, common);
  }
}
