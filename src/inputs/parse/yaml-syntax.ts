import type { ErrorCode, LineCounter, YAMLError } from 'yaml';
import type { Fault } from './parsed.ts';

/** Our own texts for the parser's errors, because the parser's messages quote the text. */
const reasons: Record<ErrorCode, string> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'text that begins with * or & needs quotes',
  BAD_COLLECTION_TYPE: 'the tag does not fit what follows it',
  BAD_DIRECTIVE: 'text that begins with % needs quotes',
  BAD_DQ_ESCAPE: 'unknown escape sequence in double quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'an anchor or tag in the wrong place',
  BAD_SCALAR_START: 'text that begins with @ or ` needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'more than one ": " in a line; text that contains it needs quotes',
  BLOCK_IN_FLOW: 'a nested block inside { } or [ ]',
  DUPLICATE_KEY: 'duplicate key',
  IMPOSSIBLE: 'unexpected text',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a character is missing, such as a closing quote or bracket, or ":" after a key',
  MULTILINE_IMPLICIT_KEY: 'a key cannot span several lines',
  MULTIPLE_ANCHORS: 'more than one anchor for a value',
  MULTIPLE_DOCS: 'a second document begins here (a line of --- starts one)',
  MULTIPLE_TAGS: 'more than one tag for a value',
  NON_STRING_KEY: 'a key that is not text',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'tabs cannot indent; use spaces',
  TAG_RESOLVE_FAILED: 'unknown tag; text that begins with ! needs quotes',
  UNEXPECTED_TOKEN: 'unexpected character',
};

export function syntaxFault({ code, pos }: YAMLError, text: string, lines: LineCounter): Fault {
  const { line, col } = lines.linePos(pos[0]);
  const language = /^\s*[{[]/.test(text) ? 'JSON or YAML' : 'YAML';
  const message = `not valid ${language} at line ${line}, column ${col}: ${reasons[code]}.`;
  return { path: [], message: [message, ...hints(code, text, line)].join(' '), line };
}

/** How to fix the usual mistakes. */
function hints(code: ErrorCode, text: string, line: number): string[] {
  const before = text.split('\n').slice(0, line);
  const hints: string[] = [];
  if (before.some((one) => /(^|[^$]){/.test(one)) && /\$\{/.test(before.slice(-2).join('\n'))) {
    hints.push('Inside { }, put ${NAME} in quotes.');
  }
  if (code === 'MULTILINE_IMPLICIT_KEY' || /-----BEGIN /.test(text)) hints.push(multiLineHint);
  return hints;
}

export const multiLineHint =
  "Pass a multi-line value, such as a private key, through the step's env and ${NAME}.";
