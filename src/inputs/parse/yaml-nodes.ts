import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isMapping, type Mapping } from '../../text/mapping.ts';
import type { Path } from '../problem.ts';
import { createMeter, LimitError, type Measured } from './meter.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { changedNumbers, entrySlip, valueSlip } from './mistakes/slips.ts';
import type { Fault, Limit } from './parsed.ts';
import type { TextLines } from './text-lines.ts';

type Source = { text: string; limit: Limit; lines: TextLines };

/**
 * Converts YAML nodes to plain data. The value of an alias is shared, not copied, but counts
 * towards the size and depth each time, so the limits hold without using the memory.
 */
export function readNodes(
  root: Node | null,
  { text, limit, lines }: Source,
): { value: unknown; faults: Fault[] } {
  const faults: Fault[] = [];
  const changed: { path: Path; node: Scalar }[] = [];
  /** The values of anchors; undefined while the anchor's own collection is still being read. */
  const anchors = new Map<string, Measured | undefined>();
  const { count, reach, measure } = createMeter(limit);
  let isReadable = true;

  const positionOf = (node: Node | null) => lines.at(node?.range?.[0] ?? 0);
  const lineOf = (node: Node | null): number => positionOf(node).line;
  const fault = (path: Path, message: string, node: Node | null): void => {
    faults.push({ path, message, line: lineOf(node) });
  };
  const slip = (path: Path, mistake: Mistake | undefined): void => {
    if (!mistake) return;
    isReadable = false;
    const { line, column } = lines.at(mistake.offset);
    faults.push({ path, message: `at line ${line}, column ${column}: ${mistake.message}`, line });
  };

  function read(node: Node | null, path: Path, depth: number): unknown {
    if (isAlias(node)) return follow(node, path, depth);
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor;
    if (!anchor) return plain(node, path, depth);
    anchors.set(anchor, undefined);
    const anchored = measure(depth, () => plain(node, path, depth));
    anchors.set(anchor, anchored);
    return anchored.value;
  }

  function follow(node: Alias, path: Path, depth: number): unknown {
    const anchored = anchors.get(node.source);
    if (!anchored) {
      const { line, column } = positionOf(node);
      const message = `unknown alias at line ${line}, column ${column}. Text that begins with * needs quotes.`;
      fault(path, message, node);
      return undefined;
    }
    count(anchored.size);
    reach(depth + anchored.height);
    return anchored.value;
  }

  function plain(node: Node | null, path: Path, depth: number): unknown {
    count(2);
    if (isMap<Scalar<string>, Node | null>(node)) return mapping(node, path, depth + 1);
    if (isSeq<Node | null>(node)) return list(node, path, depth + 1);
    return isScalar(node) ? scalar(node, path) : null;
  }

  function list(node: YAMLSeq<Node | null>, path: Path, depth: number): unknown[] {
    reach(depth);
    if (!isPlainTag(node.tag)) fault(path, unusualKind, node);
    return node.items.map((item, at) => {
      slip([...path, at], valueSlip(item, text, node.flow ? 'flow list' : 'block'));
      return read(item, [...path, at], depth);
    });
  }

  function mapping(node: YAMLMap<Scalar<string>, Node | null>, path: Path, depth: number): Mapping {
    reach(depth);
    if (!isPlainTag(node.tag)) fault(path, unusualKind, node);
    const entries = new Map<string, unknown>();
    const own = new Set<string>();
    for (const { key, value } of node.items) {
      const name = key.value;
      const at = [...path, name];
      count(Buffer.byteLength(name) + 2);
      if (name === '<<' && key.type === 'PLAIN') {
        for (const [inner, merged] of merge(value, at, depth - 1)) {
          if (!entries.has(inner)) entries.set(inner, merged);
        }
        continue;
      }
      if (name === '') fault(path, `empty key at line ${lineOf(key)}.`, key);
      if (own.has(name)) fault(at, `duplicate key at line ${lineOf(key)}.`, key);
      own.add(name);
      const parent = node.flow ? 'flow mapping' : 'block';
      slip(at, entrySlip({ key, value, text, parent }));
      entries.set(name, read(value, at, depth));
    }
    return Object.fromEntries(entries);
  }

  function merge(node: Node | null, path: Path, depth: number): [string, unknown][] {
    const value = read(node, path, depth);
    const sources = Array.isArray(value) ? value : [value];
    if (sources.every(isMapping)) return sources.flatMap((one) => Object.entries(one));
    if (value !== undefined)
      fault(path, '<< requires an alias of a mapping, or a list of them.', node);
    return [];
  }

  function scalar(node: Scalar, path: Path): unknown {
    const { value, source = '' } = node;
    if (typeof value === 'string') {
      count(Buffer.byteLength(value));
      return value;
    }
    count(source.length);
    if (typeof value === 'number') {
      if (JSON.stringify(value) !== source) changed.push({ path, node });
    } else if (value !== null && typeof value !== 'boolean') fault(path, unusualKind, node);
    return value;
  }

  try {
    const value = read(root, [], 0) ?? undefined;
    slip([], valueSlip(root, text, 'root'));
    if (changed.length > 0) {
      const messageFor = changedNumbers(value);
      for (const { path, node } of changed) fault(path, messageFor(path, node), node);
    }
    return { value: isReadable ? value : undefined, faults };
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    return { value: undefined, faults: [{ path: [], message: error.message, line: 1 }] };
  }
}

const unusualKind = 'JSON has no such type. Use strings, numbers, booleans, lists, and mappings.';

const isPlainTag = (tag: string | undefined): boolean =>
  tag === undefined || /^tag:yaml\.org,2002:(map|seq)$/.test(tag);
