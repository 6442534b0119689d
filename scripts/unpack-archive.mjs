import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Makes the archive of the last commit that a runner downloads, and unpacks it.
 *
 * @param {string} folder an empty one
 * @returns the size of the compressed archive in bytes, and the files in it
 */
export function unpackArchive(folder) {
  const archive = execFileSync('git', ['archive', '--format=tar', 'HEAD'], {
    cwd: root,
    maxBuffer: 100_000_000,
  });
  execFileSync('tar', ['-xf', '-'], { cwd: folder, input: archive });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  return { bytes: gzipSync(archive).length, files };
}
