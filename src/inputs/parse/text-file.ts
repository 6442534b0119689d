import { readFileSync, statSync } from 'node:fs';
import { asMapping } from '../../text/mapping.ts';
import type { Limit } from './parsed.ts';

/**
 * Reads a text file: UTF-8, or UTF-16 with a byte order mark. Opens regular files only, because
 * reading a pipe or a device could block forever.
 *
 * @returns the text, or an error that follows the file's name in a sentence
 */
export function readTextFile(path: string, limit: Limit): { text: string } | { error: string } {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { error: 'is a directory, not a file' };
    if (!stats.isFile()) return { error: 'is not a regular file' };
    if (stats.size > limit.bytes) return { error: `is larger than ${limit.label}` };
    return decode(readFileSync(path));
  } catch (error) {
    const { code = 'UNKNOWN' } = asMapping(error);
    return { error: readErrors[String(code)] ?? `cannot be read (${code})` };
  }
}

const readErrors: Record<string, string> = {
  ENOENT: 'does not exist. Is the repository checked out?',
  ENOTDIR: 'does not exist: part of its path is a file, not a directory',
  EACCES: 'cannot be read: permission denied',
};

function decode(bytes: Buffer): { text: string } | { error: string } {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') ? { error: notText } : { text };
  } catch {
    return { error: notText };
  }
}

const notText = 'is not UTF-8 text (UTF-16 needs a byte order mark). Save it as UTF-8';
