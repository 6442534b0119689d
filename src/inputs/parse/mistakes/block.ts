import type { YAMLError } from 'yaml';
import type { TextLines } from '../text-lines.ts';
import {
  columnsIn,
  indentBlockText,
  isBlockHeader,
  misaligned,
  mixed,
  nextLine,
  spaceAfterDash,
} from './indentation.ts';
import { colonForEquals, type Mistake, missingColon, spaceAfterColon } from './mistake.ts';

/**
 * Finds the mistake in lines of keys and list items that the parser's first error follows from.
 * Undefined where the error itself says it.
 */
export function blockMistake(errors: readonly YAMLError[], lines: TextLines): Mistake | undefined {
  const [first, ...others] = errors;
  if (!first) return undefined;
  const [offset, end] = first.pos;
  const { line, column } = lines.at(offset);
  const written = lines.line(line);
  const before = written.slice(0, column - 1);
  const rest = written.slice(column - 1);
  const startsLine = before.trim() === '';
  const isItem = isListItem(written);

  const tab = /^ *\t/.exec(written);
  if (tab) {
    const message = 'a tab cannot indent. Use spaces.';
    return { offset: lines.offsetOf(line, tab[0].length), message };
  }
  if (/^[ \t]*[\u00a0\u200b\u3000\ufeff]/.test(written)) {
    return { offset: lines.offsetOf(line, 1), message: invisible };
  }
  switch (first.code) {
    case 'BAD_INDENT':
      // The parser may stop at the end of the key above, or at an empty line before this one.
      return misaligned(lines, startsLine ? nextLine(lines, line - 1) : nextLine(lines, line));
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (startsLine && isItem) return misaligned(lines, line);
      const message = 'text that begins with ? needs quotes.';
      if (rest.startsWith('? ')) return { offset, message };
      const key = others.find(
        ({ code, pos }) => code === 'MULTILINE_IMPLICIT_KEY' && pos[0] === offset,
      );
      return key && misaligned(lines, lines.at(key.pos[1] - 1).line);
    }
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR':
      if (isBlockHeader(lines.line(line - 1))) return { offset, message: indentBlockText };
      if (startsLine && isItem) return { offset, message: mixed };
      if (rest.startsWith('#')) return { offset, message: 'put a space before the #.' };
      if (/^\s/.test(rest)) return misaligned(lines, line);
      return withoutColon(rest, offset);
    case 'UNEXPECTED_TOKEN':
      if (startsLine && end > offset) return unexpectedLine(lines, line);
      return unexpectedText(before, rest, offset);
    default:
      return undefined;
  }
}

const isListItem = (line: string): boolean => /^\s*-(\s|$)/.test(line);

/** A line without the colon that makes it a key. */
function withoutColon(rest: string, offset: number): Mistake | undefined {
  const space = rest.search(/[\u00a0\u200b\u3000\ufeff]/);
  if (space !== -1) return { offset: offset + space, message: invisible };
  const [, , key, separator] = /^(["']?)([^\s:="'：]+)\1\s*([:=：])(?!\/\/)\s*\S/.exec(rest) ?? [];
  if (key !== undefined && separator === '=') return { offset, message: colonForEquals(key) };
  if (key !== undefined) return { offset, message: spaceAfterColon(key) };
  if (/^-[^\s-]/.test(rest)) return { offset, message: spaceAfterDash };
  if (/:(\s|$)/.test(rest)) return undefined;
  const [quoted] = /^(["'])[^"']*\1(?=\s*\S)/.exec(rest) ?? [];
  if (quoted !== undefined) return { offset: offset + quoted.length, message: missingColon };
  const message =
    'this line has no key. Write it as `key: …`, or indent it if it continues the text above.';
  return { offset, message };
}

/** A line after which the parser expected nothing more. */
function unexpectedLine(lines: TextLines, line: number): Mistake | undefined {
  const offset = lines.offsetOf(line, lines.line(line).search(/\S|$/) + 1);
  let above = line - 1;
  while (above > 1 && columnsIn(lines.line(above)).length === 0) above -= 1;
  if (/[\]}],?\s*$/.test(lines.line(above))) {
    const message =
      'the text ends with the closing bracket before this line. Remove what follows it.';
    return { offset, message };
  }
  return (
    misaligned(lines, line) ??
    (isListItem(lines.line(line)) ? { offset, message: mixed } : undefined)
  );
}

/** Text in a line after a value that is complete. */
function unexpectedText(before: string, rest: string, offset: number): Mistake | undefined {
  const [header] = /(?<=^|[:-]\s+)[|>][-+\d]*\s*$/.exec(before) ?? [];
  if (header !== undefined) {
    const message =
      'text that begins with | or > needs quotes. A block of text begins on the next line.';
    return { offset: offset - header.length, message };
  }
  if (/^-(\s|$)/.test(rest)) {
    return { offset, message: 'a list begins on the line after its key. Move this item there.' };
  }
  const sign = before.search(/(?<!\S)[*&]\S*\s*$/);
  if (sign !== -1) {
    const message = 'text that begins with * or & needs quotes.';
    return { offset: offset - before.length + sign, message };
  }
  if (!/["'\]}]\s*$/.test(before)) return undefined;
  if (rest.startsWith(',')) return { offset, message: 'remove this comma.' };
  if (/^\s*(["'])[^"']*\1\s*$/.test(before)) return { offset, message: missingColon };
  const message = /["']\s*$/.test(before)
    ? 'text follows the closing quote. Put all of it in one pair of quotes.'
    : 'text follows the closing bracket. Remove it, or put all of the text in quotes.';
  return { offset, message };
}

const invisible = 'an invisible character stands where a space should. Type the spaces again.';
