/** Callbacks of a walk through JSON, in the order of the text; offsets are positions in the text. */
export type JsonVisitor = {
  /** A mapping or list begins. Returns false to end the walk. */
  open(offset: number): boolean;
  close(): void;
  /** A value begins, under a key or at a position of a list. */
  enter(step: string | number, offset: number): void;
  leave(): void;
  number(literal: string, offset: number): void;
};

/** Walks through a text that `JSON.parse` has accepted, without recursion and in linear time. */
export function walkJson(text: string, visitor: JsonVisitor): void {
  /** The next position in each open list; undefined for a mapping. */
  const open: (number | undefined)[] = [];
  let key = false;

  const begin = (offset: number): void => {
    const position = open.at(-1);
    if (position === undefined) return;
    visitor.enter(position, offset);
    open[open.length - 1] = position + 1;
  };
  const end = (): void => {
    if (open.length > 0) visitor.leave();
  };

  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    let next = at + 1;
    if (char === '{' || char === '[') {
      begin(at);
      if (!visitor.open(at)) return;
      open.push(char === '[' ? 0 : undefined);
      key = char === '{';
    } else if (char === '}' || char === ']') {
      open.pop();
      visitor.close();
      end();
      key = false;
    } else if (char === ',') {
      key = open.at(-1) === undefined;
    } else if (char === '"') {
      next = endOfString(text, at);
      if (key) visitor.enter(JSON.parse(text.slice(at, next)), at);
      else {
        begin(at);
        end();
      }
      key = false;
    } else if (/[-\dtfn]/.test(char)) {
      next = endOfWord(text, at);
      begin(at);
      if (/[-\d]/.test(char)) visitor.number(text.slice(at, next), at);
      end();
    }
    at = next;
  }
}

function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfWord(text: string, begin: number): number {
  const word = /[\w.+-]+/y;
  word.lastIndex = begin;
  return begin + (word.exec(text)?.[0].length ?? 1);
}
