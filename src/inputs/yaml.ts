import type { Document, LineCounter, Node } from 'yaml';

/** A parsed YAML (or JSON) text, and what is wrong with it, without a word of the text itself. */
export type Yaml = {
  document: Document.Parsed;
  lines: LineCounter;
  /** Plain data; undefined when it can't be had. */
  value: unknown;
  faults: Fault[];
};

type Fault = { code: string; line: number; column: number; text: string };

/** Parses YAML 1.2, of which JSON is a part. Loaded when it is needed: many steps have none. */
export async function parseYaml(text: string): Promise<Yaml> {
  const { LineCounter, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, merge: true, stringKeys: true };
  const document = parseDocument(text, options);
  const faultAt = (offset: number, code: string, said: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { code, line, column: col, text: `${said}${hint(text, offset)}` };
  };
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    faultAt(pos[0], code, describe(code, message, text.slice(pos[0]))),
  );
  const anchors = new Map<string, Node>();
  const remember = (node: Node & { anchor?: string }): void => {
    if (node.anchor) anchors.set(node.anchor, node);
  };
  visit(document, {
    Scalar(_, node) {
      remember(node);
      const { value, source = '', range } = node;
      if (typeof value !== 'number' || !/^[-+]?0\d/.test(source)) return;
      faults.push(
        faultAt(
          range?.[0] ?? 0,
          'LEADING_ZERO',
          'a number that would lose its leading zeros (put it in quotes)',
        ),
      );
    },
    Alias(_, { source, range }, path) {
      const target = anchors.get(source);
      if (target && !path.includes(target)) return;
      faults.push(faultAt(range?.[0] ?? 0, 'BAD_ALIAS', describe('BAD_ALIAS', '', '')));
    },
    Collection: (_, node) => remember(node),
  });
  if (faults.some(({ code }) => !readable.includes(code))) {
    return { document, lines, faults, value: undefined };
  }
  try {
    return { document, lines, faults, value: document.toJS({ maxAliasCount }) };
  } catch {
    faults.push(faultAt(0, 'BAD_MERGE', 'its aliases and merges (<<) can not be resolved'));
    return { document, lines, faults, value: undefined };
  }
}

/** The faults that leave the rest of a text readable; after any other one it may be anything. */
const readable = ['DUPLICATE_KEY', 'LEADING_ZERO'];

/** Many connections may share an anchor; an alias bomb has far more. */
const maxAliasCount = 1_000_000;

/** What the parser would say with words of the text itself, which may be a secret's. */
const withoutText: Record<string, string> = {
  BAD_ALIAS:
    'an alias that no anchor before it has set (text that begins with * belongs in quotes)',
  MULTIPLE_DOCS: 'a second document (a line of --- begins one)',
  NON_STRING_KEY: 'a key that is no text',
  BAD_DIRECTIVE: 'an unknown directive (text that begins with % belongs in quotes)',
  BAD_DQ_ESCAPE: 'an unknown escape sequence in double quotes',
  TAG_RESOLVE_FAILED: 'an unknown tag (text that begins with ! belongs in quotes)',
};

function describe(code: string, message: string, source: string): string {
  const key = /^["']?([\w .-]+)/.exec(source.slice(0, 100))?.[1];
  if (code === 'DUPLICATE_KEY' && key) return `the key ${key} comes twice`;
  return withoutText[code] ?? message.split(': ', 1)[0] ?? message;
}

/** A usual mistake: the braces of a reference within those of a mapping. */
function hint(text: string, offset: number): string {
  const begin = text.lastIndexOf('\n', offset - 1) + 1;
  const [line = ''] = text.slice(begin).split('\n', 1);
  return /\{.*\$\{/.test(line) ? '; within { } a ${NAME} belongs in quotes' : '';
}
