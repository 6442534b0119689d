import type { TextLines } from '../text-lines.ts';
import { type Token, tokenEnd, tokensOf } from './flow-tokens.ts';
import { isUnclosed, type Mistake, missingColon, unclosedQuote } from './mistake.ts';

/** An open brace or bracket. */
type Open = {
  token: Token;
  /** What was read of the current item. */
  item: 'nothing' | 'key' | 'colon' | 'value';
  /** The last scalar of the item, or the last bracket of a collection in it. */
  last: Token;
};

/**
 * Finds the first quote or bracket that is never closed, or the first comma or colon that is
 * missing or one too many within braces or brackets.
 *
 * @param until the offset where the parser gave up: anything that begins after it is not looked at
 */
export function flowMistake(text: string, lines: TextLines, until: number): Mistake | undefined {
  const open: Open[] = [];
  /** A bracket that a less indented line closes, so that its own closing bracket is missing. */
  let suspect: Open | undefined;
  let cutOff: { bracket: Token; line: Token } | undefined;
  let inItem: Mistake | undefined;
  let previous: Token | undefined;

  const unclosed = (): Mistake | undefined => {
    const last = cutOff?.bracket ?? open.at(-1)?.token;
    if (!last) return inItem;
    const culprit = suspect?.token ?? last;
    const isItem = inItem && (!suspect || inItem.offset < culprit.offset);
    return isItem ? inItem : { offset: culprit.offset, message: neverClosed(culprit.text) };
  };

  for (const token of tokensOf(text)) {
    const top = open.at(-1);
    const isAfterQuote = previous?.kind === 'quoted' && tokenEnd(previous) === token.offset;
    if (!top && !cutOff && token.offset > until && !isAfterQuote) break;
    if (token.kind === 'quoted' && isUnclosed(token.text)) {
      return inItem ?? { offset: token.offset, message: unclosedQuote(token.text) };
    }
    const isScalar = token.kind === 'plain' || token.kind === 'quoted';
    if (isScalar && previous && isAfterQuote) {
      if (!top && token.text.startsWith(',')) {
        return { offset: token.offset, message: 'remove this comma.' };
      }
      return inItem ?? quoteWithin(previous);
    }
    previous = token;
    // Outside of brackets, a closing one below plain text belongs to that text.
    if (cutOff && token.kind === 'plain' && /\n[ \t]*[\]}],?$/.test(token.text)) {
      return { offset: cutOff.line.offset, message: indentMore };
    }
    if (token.kind === 'cut off') {
      if (inItem || !top) return inItem;
      cutOff = { bracket: top.token, line: token };
      open.length = 0;
    } else if (token.kind === 'close') {
      if (cutOff && !top) return { offset: cutOff.line.offset, message: indentMore };
      if (!top) return { offset: token.offset, message: stray(token.text) };
      if (!isPair(top.token, token)) return unclosed();
      if (isLessIndented(lines, token, top.token)) suspect ??= top;
      open.pop();
      const parent = open.at(-1);
      if (parent) parent.last = token;
    } else if (top) {
      if (token.text === '{' && text[token.offset - 1] === '$' && top.last.kind === 'plain') {
        return inItem ?? { offset: top.last.offset, message: quoteReference };
      }
      inItem ??= itemMistake(text, top, token);
      advance(top, token);
    }
    if (token.kind === 'open') open.push({ token, item: 'nothing', last: token });
  }
  return unclosed();
}

const isPair = (open: Token, close: Token): boolean => (open.text === '{') === (close.text === '}');

/** Whether a closing bracket begins its line, further left than the line with the opening one. */
function isLessIndented(lines: TextLines, close: Token, open: Token): boolean {
  const { line, column } = lines.at(close.offset);
  const indent = lines.line(line).search(/\S|$/);
  return column === indent + 1 && indent < lines.line(lines.at(open.offset).line).search(/\S|$/);
}

/** What is wrong with the next token of an item, if anything. */
function itemMistake(text: string, { item, last, token }: Open, next: Token): Mistake | undefined {
  if (next.kind === 'comma') {
    const message = 'nothing precedes this comma. Remove it.';
    return item === 'nothing' ? { offset: next.offset, message } : undefined;
  }
  if (next.kind === 'colon') {
    if (item === 'nothing' || item === 'key') return undefined;
    const [, before] = /^(.*\S)\s+\S+$/s.exec(last.text) ?? [];
    if (last.kind !== 'plain' || before === undefined) {
      return { offset: next.offset, message: secondColon };
    }
    const end = last.offset + before.length;
    if (!before.endsWith(';')) return missingComma(text, end);
    return { offset: end - 1, message: 'put a comma instead of this semicolon.' };
  }
  if (item === 'value' || (item === 'key' && token.text === '[')) {
    return missingComma(text, tokenEnd(last));
  }
  return item === 'key' ? { offset: tokenEnd(last), message: missingColon } : undefined;
}

/** Notes what a token adds to an item. */
function advance(open: Open, token: Token): void {
  if (token.kind === 'comma') open.item = 'nothing';
  else if (token.kind === 'colon') open.item = 'colon';
  else {
    open.item = open.item === 'colon' ? 'value' : 'key';
    open.last = token;
  }
}

function missingComma(text: string, offset: number): Mistake {
  const isAtEnd = /^[ \t]*(#.*)?\r?\n/.test(text.slice(offset, offset + 1000));
  return {
    offset,
    message: isAtEnd
      ? 'a comma is missing at the end of this line.'
      : 'a comma is missing here, between two items.',
  };
}

/** A quoted text right before other text: an unclosed quote reaches to the next one. */
function quoteWithin(quoted: Token): Mistake {
  const quote = quoted.text[0] ?? '';
  const content = quoted.text.slice(1, -1);
  if (content.includes('\n') || /[,:{[]\s*$/.test(content)) {
    return { offset: quoted.offset, message: unclosedQuote(quote) };
  }
  const [written, kind] = quote === '"' ? ['\\"', 'double'] : ["''", 'single'];
  const message = `this quote ends the text too early. Within ${kind} quotes, write ${written} for a quote.`;
  return { offset: tokenEnd(quoted) - 1, message };
}

const neverClosed = (bracket: string): string =>
  `this ${bracket} is never closed. Put ${bracket === '{' ? '}' : ']'} after its last item.`;

const stray = (bracket: string): string =>
  `no ${bracket === '}' ? '{' : '['} precedes this ${bracket}. Remove it, or put the text in quotes.`;

const indentMore = 'indent this line more than the line with the opening brace or bracket.';
const quoteReference = 'this text contains a reference. Inside { }, put ${NAME} in quotes.';
const secondColon =
  'this item has a second colon. Separate items with commas, and put text that contains a colon in quotes.';
