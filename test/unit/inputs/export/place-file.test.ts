import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { temporaryFolder } from '../../../harness/cleanup.ts';

/** What the file system answers to a hard link; undefined to make it. */
let refusal: string | undefined;
const fs = await import('node:fs');
jest.unstable_mockModule('node:fs', () => ({
  ...fs,
  linkSync(from: string, to: string) {
    if (refusal) throw Object.assign(new Error(refusal), { code: refusal });
    fs.linkSync(from, to);
  },
}));
const { placeFile } = await import('../../../../src/inputs/export/place-file.ts');

const folderWith = (file?: string): string => {
  const folder = temporaryFolder();
  if (file !== undefined) writeFileSync(join(folder, 'out.yml'), file);
  return folder;
};

describe.each([undefined, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
  'where hard links end as %s',
  (code) => {
    test.each([
      [undefined, undefined, 'text'],
      ['mine', 'appeared in the meantime, and is not replaced', 'mine'],
    ])('a file in place of %j is not half written', (there, error, content) => {
      refusal = code;
      const folder = folderWith(there);
      expect(placeFile(join(folder, 'out.yml'), 'text')).toBe(error);
      expect(readdirSync(folder)).toEqual(['out.yml']);
      expect(readFileSync(join(folder, 'out.yml'), 'utf8')).toBe(content);
    });
  },
);

test.each([
  ['EACCES', 'cannot be written: permission denied'],
  ['EROFS', 'cannot be written: the file system is read-only'],
  ['ENOSPC', 'cannot be written: the disk is full'],
  ['EIO', 'cannot be written (EIO)'],
])('a file that ends as %s leaves nothing behind', (code, error) => {
  refusal = code;
  const folder = folderWith();
  expect(placeFile(join(folder, 'out.yml'), 'text')).toBe(error);
  expect(readdirSync(folder)).toEqual([]);
});

test('a file needs its folder', () => {
  refusal = undefined;
  expect(placeFile(join(folderWith(), 'gone', 'out.yml'), 'text')).toBe(
    'cannot be written: its folder no longer exists',
  );
});
