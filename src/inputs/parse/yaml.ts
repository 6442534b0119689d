import {
  Composer,
  type CST,
  type Document,
  Lexer,
  LineCounter,
  Parser,
  YAMLParseError,
} from 'yaml';
import type { Path } from '../problem.ts';
import { type Fault, type Limit, maxDepth, type Parsed, tooDeep } from './parsed.ts';
import { readNodes } from './yaml-nodes.ts';
import { syntaxFault } from './yaml-syntax.ts';

/** Parses YAML 1.2. After a syntax error, only the first fault is reported: later ones usually follow from it. */
export function parseYaml(text: string, limit: Limit): Parsed {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const document = compose(text, lines.addNewLine);
  if (!document) return unreadable({ path: [], message: tooDeep, line: 1 });
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first) return unreadable(syntaxFault(first, text, lines));
  return {
    ...readNodes(document.contents, { text, limit, lines }),
    lineAt: (path) => lineInYaml(document, lines, path),
  };
}

const unreadable = (fault: Fault): Parsed => ({
  value: undefined,
  faults: [fault],
  lineAt: () => fault.line,
});

/** Like `yaml.parseDocument`, but stops at a nesting that would crash it. */
function compose(text: string, onNewLine: (offset: number) => void): Document.Parsed | undefined {
  const parser = new Parser(onNewLine);
  let deep = false;
  function* tokens(): Generator<CST.Token> {
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme);
      // The document itself and a scalar are on the stack beside the collections.
      deep ||= parser.stack.length > maxDepth + 2;
      if (deep) return;
    }
    yield* parser.end();
  }
  const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const composer = new Composer(options);
  const [document, second] = composer.compose(tokens(), true, text.length);
  if (deep || !document) return undefined;
  if (second) {
    const message = 'a second document';
    document.errors.push(new YAMLParseError([second.range[0], 0], 'MULTIPLE_DOCS', message));
  }
  return document as Document.Parsed;
}

/** The part of a YAML node that is needed to find a line. */
type Place = {
  range?: [number, number, number] | null;
  value?: unknown;
  items?: (Place & { key?: Place; value?: Place })[];
};

/** The line of the value at a path, or of the innermost value around it that exists. */
function lineInYaml(document: Document.Parsed, lines: LineCounter, path: Path): number {
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
