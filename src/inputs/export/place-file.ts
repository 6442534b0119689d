import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a file in its place at once: nothing ever sees half of it, and nothing is replaced.
 *
 * @returns an error that follows the file's name in a sentence; undefined when it was written
 */
export function placeFile(path: string, text: string): string | undefined {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    putInPlace(temporary, path);
    return undefined;
  } catch (error) {
    const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
    return reasons[code] ?? `cannot be written (${code})`;
  } finally {
    removeIfThere(temporary);
  }
}

const reasons: Record<string, string> = {
  EEXIST: 'appeared in the meantime, and is not replaced',
  ENOENT: 'cannot be written: its folder no longer exists',
  EACCES: 'cannot be written: permission denied',
  EROFS: 'cannot be written: the file system is read-only',
  ENOSPC: 'cannot be written: the disk is full',
};

function putInPlace(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code || !withoutLinks.includes(code)) throw error;
    // An empty file of our own is all that the rename can replace.
    closeSync(openSync(path, 'wx'));
    renameSync(temporary, path);
  }
}

/** What file systems without hard links answer. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was renamed, or never came to be.
  }
}
