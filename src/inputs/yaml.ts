import type { CST, Document } from 'yaml';
import { type Fault, type Limit, maxDepth, type Parsed, tooDeep } from './parsed.ts';
import { lineInYaml } from './yaml-line.ts';
import { readNodes } from './yaml-nodes.ts';
import { syntaxFault } from './yaml-syntax.ts';

type Yaml = typeof import('yaml');

/** Parses YAML 1.2. Of a text that cannot be parsed, only the first fault is reported: others follow from it. */
export async function parseYaml(text: string, limit: Limit): Promise<Parsed> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  lines.addNewLine(0);
  const document = compose(yaml, text, lines.addNewLine);
  if (!document) return unreadable({ path: [], message: tooDeep, line: 1 });
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first) return unreadable(syntaxFault(first, text, lines));
  return {
    ...readNodes(yaml, document.contents, { text, limit, lines }),
    lineAt: (path) => lineInYaml(document, lines, path),
  };
}

const unreadable = (fault: Fault): Parsed => ({
  value: undefined,
  faults: [fault],
  lineAt: () => fault.line,
});

/** What `yaml.parseDocument` does, but given up where the nesting gets so deep that it would crash. */
function compose(
  yaml: Yaml,
  text: string,
  onNewLine: (offset: number) => void,
): Document.Parsed | undefined {
  const parser = new yaml.Parser(onNewLine);
  let deep = false;
  function* tokens(): Generator<CST.Token> {
    for (const lexeme of new yaml.Lexer().lex(text)) {
      yield* parser.next(lexeme);
      // The document itself and a scalar are on the stack beside the collections.
      deep ||= parser.stack.length > maxDepth + 2;
      if (deep) return;
    }
    yield* parser.end();
  }
  const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false };
  const composer = new yaml.Composer(options);
  const [document, second] = composer.compose(tokens(), true, text.length);
  if (deep || !document) return undefined;
  if (second) {
    const message = 'a second document';
    document.errors.push(new yaml.YAMLParseError([second.range[0], 0], 'MULTIPLE_DOCS', message));
  }
  return document as Document.Parsed;
}
