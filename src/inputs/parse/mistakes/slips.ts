import { isScalar, type Node, type Scalar } from 'yaml';
import { namesSecret } from '../../../secrets/secret-names.ts';
import { secretValues } from '../../../secrets/secret-values.ts';
import type { Path } from '../../problem.ts';
import {
  colonForEquals,
  isUnclosed,
  type Mistake,
  multiLineHint,
  spaceAfterColon,
  unclosedQuote,
} from './mistake.ts';

/*
 * Slips: text that is legal YAML, but hardly ever means what its author wanted, such as
 * `{host:db}`, a key named `host:db` without a value.
 */

/**
 * Where a scalar stands: alone in the document, in lines of its own, in braces or brackets, or
 * under a key that names a secret, where any text may be meant.
 */
type Parent = 'root' | 'block' | 'flow mapping' | 'flow list' | 'secret';

type ScannedEntry = { key: Scalar<string>; value: Node | null; text: string; parent: Parent };

/** The slip in a key or its value, if any. `text` is the whole document. */
export function entrySlip({ key, value, text, parent }: ScannedEntry): Mistake | undefined {
  const { offset, written, end } = sourceOf(key, text);
  const slip = (message: string, at = offset): Mistake => ({ offset: at, message });
  const given = isScalar(value) && value.type === 'PLAIN' ? sourceOf(value, text) : undefined;
  const isSecret = namesSecret(key.value);
  if (parent === 'block' && given) {
    const isQuoted = key.type !== 'PLAIN' || /^(\d+|true|false|null),$/.test(given.written);
    if (isQuoted && given.written.endsWith(',')) return slip('remove this comma.', given.end - 1);
    const [, name] = /^([a-z][a-z\d_]*):[^\s:/][^\s:]*$/.exec(given.written) ?? [];
    const isBelow = name !== undefined && !isSecret && text.slice(end, given.offset).includes('\n');
    if (isBelow) return slip(`${spaceAfterColon(name)} Text needs quotes here.`, given.offset);
  }
  if (key.type === 'PLAIN') {
    if (/^\/[/*]/.test(written)) {
      return slip('YAML reads this comment as a key. Remove it, or begin the line with #.');
    }
    if (/[\u00a0\u200b\ufeff]/.test(written)) {
      return slip('an invisible character is part of this key. Type the line again.');
    }
    if (written.includes('"')) return slip('a quote is missing at the other end of this key.');
    if (parent === 'flow mapping' && written.includes('\n'))
      return slip(commaAtEnd, offset + firstLineEnd(written));
    const [, name] = /^([^\s:]+):\S/.exec(written) ?? [];
    if (parent === 'flow mapping' && name !== undefined && value === null) {
      return slip(spaceAfterColon(name));
    }
  }
  return valueSlip(value, text, isSecret ? 'secret' : parent);
}

/** The slip in a value, if any. `text` is the whole document. */
export function valueSlip(node: Node | null, text: string, parent: Parent): Mistake | undefined {
  if (!isScalar(node) || typeof node.value !== 'string') return undefined;
  const { offset, written } = sourceOf(node, text);
  const isFolded = node.type !== 'BLOCK_LITERAL' && written.includes('\n');
  if (isFolded && node.value.includes('-----BEGIN ')) {
    const message = `YAML would join the lines of this value into one. ${multiLineHint}`;
    return { offset, message };
  }
  if (node.type === 'QUOTE_DOUBLE' && isUnclosed(written)) {
    return { offset, message: unclosedQuote(written) };
  }
  if (node.type !== 'PLAIN' || parent === 'secret') return undefined;
  const slip =
    parent === 'flow mapping' || parent === 'flow list'
      ? inFlow(written, parent)
      : inLines(written, parent);
  return slip && { ...slip, offset: offset + slip.offset };
}

/** The slip in plain text within braces or brackets; its offset is within the text. */
function inFlow(written: string, parent: Parent): Mistake | undefined {
  if (written.includes('\n')) return { offset: firstLineEnd(written), message: commaAtEnd };
  const words = written.split(/\s+/);
  if (parent === 'flow list' && words.length > 1 && words.every(isJsonWord)) {
    const message = 'a comma is missing here, between two items. Text needs quotes here.';
    return { offset: words[0]?.length ?? 0, message };
  }
  return /^[^"]*"$/.test(written)
    ? { offset: 0, message: 'put a double quote before this text too.' }
    : undefined;
}

/** The slip in plain text in lines of its own; its offset is within the text. */
function inLines(written: string, parent: Parent): Mistake | undefined {
  const lines = written.split(/\r?\n\s*/);
  const every = (pattern: RegExp): boolean => lines.every((line) => pattern.test(line));
  if (lines.length > 1) {
    const [dash] = /\n[ \t]*(?=- )/.exec(written) ?? [];
    if (dash !== undefined) {
      const offset = written.indexOf(`${dash}- `) + dash.length;
      const message = 'this list item is indented too far. Align its dash with the one above.';
      return { offset, message };
    }
    if (every(/^-[^\s-]/)) {
      return { offset: 0, message: 'put a space after the dash of each list item.' };
    }
  } else if (parent !== 'root') return undefined;
  const [, name = ''] = /^([\w.-]+)(?::(?!\/\/)\S|\s*=[^=])/.exec(written) ?? [];
  if (every(/^[\w.-]+:(?!\/\/)\S/)) return { offset: 0, message: spaceAfterColon(name) };
  const isAssigned = parent === 'root' && every(/^[\w.-]+\s*=[^=]/);
  return isAssigned ? { offset: 0, message: colonForEquals(name) } : undefined;
}

/**
 * Creates messages for numbers whose notation JSON does not keep, with the number and what becomes
 * of it, unless it is long or a secret.
 *
 * @param root the value with all secrets
 */
export function changedNumbers(root: unknown): (path: Path, number: Scalar) => string {
  const secrets = new Set(secretValues(root).map(({ value }) => value));
  return (path, { value, source = '' }) => {
    const isSecret = secrets.has(String(value)) || path.some((step) => namesSecret(`${step}`));
    return isSecret || source.length > 40
      ? 'this number would change when parsed. Put it in quotes.'
      : `${source} would become ${JSON.stringify(value)}. Put it in quotes: "${source}".`;
  };
}

/** The position of a scalar and its text as written. */
function sourceOf({ range }: Scalar, text: string) {
  const [offset, end] = range ?? [0, 0];
  return { offset, written: text.slice(offset, end), end };
}

const isJsonWord = (word: string): boolean => /^(-?\d[\d.eE+-]*|true|false|null)$/.test(word);

const firstLineEnd = (written: string): number =>
  written.slice(0, written.indexOf('\n')).trimEnd().length;

const commaAtEnd = 'put a comma at the end of this line. Text of several lines needs quotes here.';
