import type { Document, LineCounter } from 'yaml';

/** A parsed YAML (or JSON) text, and what is wrong with it, without a word of the text itself. */
export type Yaml = {
  document: Document.Parsed;
  lines: LineCounter;
  faults: { code: string; line: number; column: number; text: string }[];
};

/** Parses YAML 1.2, of which JSON is a part. Loaded when it is needed: many steps have none. */
export async function parseYaml(text: string): Promise<Yaml> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    const key = /^["']?([\w .-]+)/.exec(text.slice(pos[0], pos[0] + 100))?.[1];
    const said =
      code === 'DUPLICATE_KEY' && key ? `the key ${key} comes twice` : describe(code, message);
    return { code, line, column: col, text: said };
  });
  return { document, lines, faults };
}

/** What the parser would say with words of the text itself, which may be a secret's. */
const withoutText: Record<string, string> = {
  BAD_ALIAS: 'an alias that no anchor has set (text that begins with * belongs in quotes)',
  BAD_DIRECTIVE: 'an unknown directive (text that begins with % belongs in quotes)',
  BAD_DQ_ESCAPE: 'an unknown escape sequence in double quotes',
  TAG_RESOLVE_FAILED: 'an unknown tag (text that begins with ! belongs in quotes)',
};

const describe = (code: string, message: string): string =>
  withoutText[code] ?? message.split(': ', 1)[0] ?? message;
