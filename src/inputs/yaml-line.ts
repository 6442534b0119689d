import type { Yaml } from './yaml.ts';

/** The part of a YAML tree that finding a line takes. */
type Node = {
  range?: [number, number, number] | null;
  value?: unknown;
  items?: { key?: Node; value?: Node }[];
};

/** The line of the field that a problem names (`connections.crm.config.tables[0]`), or of what holds it. */
export function lineOf({ document, lines }: Yaml, field: string): number {
  let node = document.contents as Node | undefined;
  let line = 1;
  for (let rest = field; node?.items && rest; ) {
    const index = /^\[?(\d+)\]?\.?/.exec(rest);
    const pair = node.items
      .filter(({ key }) => key && startsWithKey(rest, String(key.value)))
      .sort((a, b) => String(b.key?.value).length - String(a.key?.value).length)[0];
    const item = pair ?? (index ? (node.items[Number(index[1])] as Node | undefined) : undefined);
    if (!item) break;
    const at = pair?.key ?? (item as Node);
    if (at.range) line = lines.linePos(at.range[0]).line;
    rest = pair
      ? rest.slice(String(pair.key?.value).length).replace(/^\./, '')
      : rest.slice(index?.[0].length);
    node = pair ? pair.value : (item as Node);
  }
  return line;
}

const startsWithKey = (rest: string, key: string): boolean =>
  rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`);
