import type { Path } from '../problem.ts';
import { walkJson } from './json-walk.ts';
import { changedNumber, type Fault, maxDepth, type Parsed, tooDeep } from './parsed.ts';

/**
 * Parses JSON, and reports what `JSON.parse` accepts: duplicate and empty keys, numbers that change,
 * and deep nesting. Undefined for a text that is not a JSON mapping or list.
 */
export function parseJson(text: string): Parsed | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const faults = faultsIn(text);
  const lineAt = lineFinder(text);
  return faults.some(({ message }) => message === tooDeep)
    ? { value: undefined, faults, lineAt }
    : { value, faults, lineAt };
}

function faultsIn(text: string): Fault[] {
  const faults: Fault[] = [];
  const path: (string | number)[] = [];
  const keys: Set<string | number>[] = [];
  const lineOf = lineCounter(text);
  const add = (message: string, offset: number): void => {
    faults.push({ path: [...path], message, line: lineOf(offset) });
  };
  walkJson(text, {
    open(offset) {
      keys.push(new Set());
      if (keys.length <= maxDepth) return true;
      path.length = 0;
      add(tooDeep, offset);
      return false;
    },
    close: () => keys.pop(),
    enter(step, offset) {
      if (step === '') add(`empty key at line ${lineOf(offset)}.`, offset);
      path.push(step);
      const known = keys.at(-1);
      if (known?.has(step)) add(`duplicate key at line ${lineOf(offset)}.`, offset);
      known?.add(step);
    },
    leave: () => path.pop(),
    number(literal, offset) {
      if (JSON.stringify(Number(literal)) !== literal) add(changedNumber, offset);
    },
  });
  return faults;
}

type Place = { offset: number; inner: Map<string | number, Place> };

/** Finds the lines of values; reads the text once, when the first line is needed. */
function lineFinder(text: string): (path: Path) => number {
  let root: Place | undefined;
  const lineOf = lineCounter(text);
  return (path) => {
    root ??= placesIn(text);
    let place = root;
    for (const step of path) {
      const inner = place.inner.get(step);
      if (!inner) break;
      place = inner;
    }
    return lineOf(place.offset);
  };
}

function placesIn(text: string): Place {
  const root: Place = { offset: 0, inner: new Map() };
  const open = [root];
  walkJson(text, {
    open: () => true,
    close: () => {},
    enter(step, offset) {
      const place: Place = { offset, inner: new Map() };
      open.at(-1)?.inner.set(step, place);
      open.push(place);
    },
    leave: () => open.pop(),
    number: () => {},
  });
  return root;
}

/** Converts offsets to lines; fastest when the offsets ascend. */
function lineCounter(text: string): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    if (offset < at) {
      at = 0;
      line = 1;
    }
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; ) {
      line += 1;
      at = next + 1;
      next = text.indexOf('\n', at);
    }
    return line;
  };
}
