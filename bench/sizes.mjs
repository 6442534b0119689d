import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from '../scripts/unpack-archive.mjs';
import { dist } from './process.mjs';

/**
 * Measures the main chunk of the bundle, and what a runner downloads: the archive of the last commit.
 *
 * @param {string} folder
 * @returns {import('./table.mjs').Row[]}
 */
export function sizeRows(folder) {
  const unpacked = join(folder, 'archive');
  mkdirSync(unpacked);
  const { bytes, files } = unpackArchive(unpacked);
  return [
    { measure: 'main chunk', unit: 'kB', value: statSync(dist).size / 1000, target: 190 },
    { measure: 'download', unit: 'kB', value: bytes / 1000, target: 165 },
    { measure: 'download', unit: 'files', value: files.length, target: 25 },
  ];
}
