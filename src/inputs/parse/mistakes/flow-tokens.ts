import { Lexer } from 'yaml';

type Kind = 'plain' | 'quoted' | 'open' | 'close' | 'comma' | 'colon' | 'cut off';

/**
 * A scalar, a sign of a brace or bracket, or the line that cuts off an open one by its
 * indentation.
 */
export type Token = { kind: Kind; offset: number; text: string };

/** The offset right behind a token. */
export const tokenEnd = ({ offset, text }: Token): number => offset + text.length;

const signs: Record<string, Kind> = {
  '{': 'open',
  '[': 'open',
  '}': 'close',
  ']': 'close',
  ',': 'comma',
  ':': 'colon',
  // The lexer's own sign, which is not in the text.
  '\u0018': 'cut off',
};

/**
 * The tokens that matter within braces and brackets; outside of them, commas are part of scalars.
 */
export function* tokensOf(text: string): Generator<Token> {
  let offset = 0;
  let isPlain = false;
  for (const lexeme of new Lexer().lex(text)) {
    // Announces a plain or block scalar.
    if (lexeme === '\u001f') {
      isPlain = true;
      continue;
    }
    const kind = isPlain ? 'plain' : tokenKind(lexeme);
    if (kind) yield { kind, offset, text: lexeme };
    if (lexeme !== '\u0018' && lexeme !== '\u0002') offset += lexeme.length;
    isPlain = false;
  }
}

function tokenKind(lexeme: string): Kind | undefined {
  if (/^["']/.test(lexeme)) return 'quoted';
  return lexeme.startsWith('*') ? 'plain' : signs[lexeme];
}
