import type { Document, LineCounter } from 'yaml';
import type { Path } from './path.ts';

/** The part of a YAML tree that finding a line takes. */
type Place = {
  range?: [number, number, number] | null;
  value?: unknown;
  items?: (Place & { key?: Place; value?: Place })[];
};

/** The line of the value at a path, or of the nearest one around it that the document holds. */
export function lineInYaml(document: Document.Parsed, lines: LineCounter, path: Path): number {
  let node = document.contents as Place | null | undefined;
  let offset = 0;
  for (const step of path) {
    const item = node?.items?.find(({ key }, at) => (key ? key.value === step : at === step));
    if (!item) break;
    offset = (item.key ?? item).range?.[0] ?? offset;
    node = item.key ? (item.value as Place | undefined) : item;
  }
  return lines.linePos(offset).line;
}
