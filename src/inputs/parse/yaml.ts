import {
  Composer,
  type CST,
  type Document,
  isMap,
  isSeq,
  Lexer,
  type Node,
  type ParsedNode,
  Parser,
  type Scalar,
  YAMLParseError,
} from 'yaml';
import type { Path } from '../problem.ts';
import { syntaxFault } from './mistakes/syntax-fault.ts';
import { type Fault, type Limit, maxDepth, type Parsed, tooDeep } from './parsed.ts';
import { createTextLines, type TextLines } from './text-lines.ts';
import { readNodes } from './yaml-nodes.ts';

/**
 * Parses YAML 1.2. After a syntax error, only the first fault is reported: later ones usually
 * follow from it.
 */
export function parseYaml(text: string, limit: Limit): Parsed {
  const lines = createTextLines(text);
  const composed = compose(text);
  if ('tooDeepAt' in composed) {
    const { line } = lines.at(composed.tooDeepAt);
    return refused({ path: [], message: tooDeep, line });
  }
  const { contents, errors, warnings } = composed;
  const mistakes = [...errors, ...warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (mistakes.length > 0) return refused(syntaxFault(mistakes, text, lines));
  return {
    ...readNodes(contents, { text, limit, lines }),
    lineAt: createLineFinder(contents, lines),
  };
}

const refused = (fault: Fault): Parsed => ({
  value: undefined,
  faults: [fault],
  lineAt: async () => fault.line,
});

/** Like `yaml.parseDocument`, but stops at a nesting that would crash it. */
function compose(text: string): Document.Parsed | { tooDeepAt: number } {
  const parser = new Parser();
  let isDeep = false;
  function* tokens(): Generator<CST.Token> {
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme);
      // The document itself and a scalar are on the stack beside the collections.
      isDeep ||= parser.stack.length > maxDepth + 2;
      if (isDeep) return;
    }
    yield* parser.end();
  }
  const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const composer = new Composer<ParsedNode>(options);
  const [document, second] = composer.compose(tokens(), true, text.length);
  if (isDeep || !document) return { tooDeepAt: parser.offset };
  if (second) {
    const message = 'a second document';
    document.errors.push(new YAMLParseError([second.range[0], 0], 'MULTIPLE_DOCS', message));
  }
  return document;
}

/** The node with which an item of a collection begins, and the node of its value. */
type Item = { start: Node | null; value: Node | null };

/** Finds lines in the nodes; indexes a collection when a path first passes through it. */
function createLineFinder(root: Node | null, lines: TextLines): Parsed['lineAt'] {
  const indexes = new Map<Node, Map<string | number, Item>>();
  const itemOf = (node: Node, step: string | number): Item | undefined => {
    const index = indexes.get(node) ?? indexItems(node);
    indexes.set(node, index);
    return index.get(step);
  };
  return async (path: Path) => {
    let node = root;
    let offset = 0;
    for (const step of path) {
      const item = node && itemOf(node, step);
      if (!item) break;
      offset = item.start?.range?.[0] ?? offset;
      node = item.value;
    }
    return lines.at(offset).line;
  };
}

function indexItems(node: Node): Map<string | number, Item> {
  if (isMap<Scalar<string>, Node | null>(node)) {
    return new Map(node.items.map(({ key, value }) => [key.value, { start: key, value }]));
  }
  return new Map(
    isSeq<Node | null>(node)
      ? node.items.map((item, at) => [at, { start: item, value: item }])
      : [],
  );
}
