import type { ErrorCode, YAMLError } from 'yaml';
import type { Fault } from '../parsed.ts';
import type { TextLines } from '../text-lines.ts';
import { blockMistake } from './block.ts';
import { flowMistake } from './flow.ts';
import { type Mistake, multiLineHint } from './mistake.ts';

/** Our own texts for the parser's errors, because the parser's messages quote the text. */
const parserErrors: Record<ErrorCode, string> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag.',
  BAD_ALIAS: 'text that begins with * or & needs quotes.',
  BAD_COLLECTION_TYPE: 'the tag does not fit what follows it.',
  BAD_DIRECTIVE: 'text that begins with % needs quotes.',
  BAD_DQ_ESCAPE: 'no such escape sequence. Within double quotes, write \\\\ for a backslash.',
  BAD_INDENT: 'wrong indentation.',
  BAD_PROP_ORDER: 'an anchor or tag in the wrong place.',
  BAD_SCALAR_START: 'text that begins with @, `, %, or a comma needs quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'text that contains ": " needs quotes, and a nested key needs a line of its own.',
  BLOCK_IN_FLOW: 'a nested block inside { } or [ ]. Use braces or brackets for it too.',
  DUPLICATE_KEY: 'duplicate key.',
  IMPOSSIBLE: 'unexpected text.',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters.',
  MISSING_CHAR: 'a character is missing, such as a colon after a key, or a space before #.',
  MULTILINE_IMPLICIT_KEY: 'a key cannot span several lines.',
  MULTIPLE_ANCHORS: 'more than one anchor for a value.',
  MULTIPLE_DOCS: 'a second document begins here. Keep one, without a line of --- or ... within it.',
  MULTIPLE_TAGS: 'more than one tag for a value.',
  NON_STRING_KEY: 'a key must be text. Text that begins with {, [, or ? needs quotes.',
  RESOURCE_EXHAUSTION: 'nested too deeply.',
  TAB_AS_INDENT: 'a tab cannot indent. Use spaces.',
  TAG_RESOLVE_FAILED: 'unknown tag. Text that begins with ! needs quotes.',
  UNEXPECTED_TOKEN: 'unexpected text. Put text that contains special characters in quotes.',
};

/**
 * The fault of a text that the parser refuses, where the text must change.
 *
 * @param errors the parser's errors in the order of the text, at least one
 */
export function syntaxFault(errors: readonly YAMLError[], text: string, lines: TextLines): Fault {
  const { offset, message } = mistakeIn(errors, text, lines);
  const { line, column } = lines.at(offset);
  const language = /^\s*[{[]/.test(text) ? 'JSON or YAML' : 'YAML';
  const isKey = [line - 1, line].some((near) => lines.line(near).includes('-----BEGIN '));
  const hint = isKey ? ` ${multiLineHint}` : '';
  return {
    path: [],
    message: `not valid ${language} at line ${line}, column ${column}: ${message}${hint}`,
    line,
  };
}

function mistakeIn(errors: readonly YAMLError[], text: string, lines: TextLines): Mistake {
  const [first] = errors;
  const [offset = 0] = first?.pos ?? [];
  return (
    flowMistake(text, lines, offset) ??
    blockMistake(errors, lines) ?? { offset, message: parserErrors[first?.code ?? 'IMPOSSIBLE'] }
  );
}
