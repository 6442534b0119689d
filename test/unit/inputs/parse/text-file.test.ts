import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../../../src/inputs/parse/text-file.ts';
import { temporaryFolder } from '../../../harness/cleanup.ts';

const limit = { bytes: 1000, label: '1 kB' };
const text = 'connections:\n  größe: "Zürich 密码 🔑"\n';

function fileWith(content: Uint8Array | string): string {
  const path = join(temporaryFolder(), 'manifest.yml');
  writeFileSync(path, content);
  return path;
}

const bigEndian = (value: string) => Buffer.from(value, 'utf16le').swap16();

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ["UTF-16 as PowerShell's > writes it", Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, the other way round', bigEndian(`\ufeff${text}`)],
])('reads %s', (_encoding, bytes) => {
  expect(readTextFile(fileWith(bytes), limit)).toEqual({ text });
});

test.each([
  ['Latin-1', Buffer.from('größe', 'latin1')],
  ['a half character of UTF-8', Buffer.from('größe').subarray(0, 3)],
  ['UTF-16 without a mark', Buffer.from('a: b', 'utf16le')],
  ['half a character of UTF-16', Buffer.from('\ufeffab', 'utf16le').subarray(0, 5)],
  ['half a surrogate pair', Buffer.from('\ufeff🔑', 'utf16le').subarray(0, 4)],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
  ['an image', Buffer.from('89504e470d0a1a0a', 'hex')],
])('refuses %s, and puts no replacement character in its place', (_encoding, bytes) => {
  expect(readTextFile(fileWith(bytes), limit)).toEqual({
    error: expect.stringMatching(/^is not UTF-8 text .* Save it as UTF-8$/),
  });
});

test('reads a file that contains a replacement character', () => {
  expect(readTextFile(fileWith('a\ufffdb'), limit)).toEqual({ text: 'a\ufffdb' });
});

test('refuses a pipe without waiting for a writer', () => {
  const path = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  expect(readTextFile(path, limit)).toEqual({ error: 'is not a regular file' });
});

test('refuses missing files and directories', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'inner'));
  expect(readTextFile(join(folder, 'inner'), limit)).toEqual({
    error: 'is a directory, not a file',
  });
  expect(readTextFile('/dev/zero', limit)).toEqual({ error: 'is not a regular file' });
  expect(readTextFile(join(folder, 'nowhere'), limit)).toEqual({
    error: expect.stringMatching(/^does not exist\. Is the repository checked out/),
  });
  expect(readTextFile(join(fileWith(''), 'x'), limit)).toEqual({
    error: expect.stringMatching(/^does not exist: part of its path is a file/),
  });
  expect(readTextFile('a\0b', limit)).toEqual({ error: 'cannot be read (ERR_INVALID_ARG_VALUE)' });
});

test('refuses a file that is too large', () => {
  expect(readTextFile(fileWith('x'.repeat(1000)), limit)).toHaveProperty('text');
  expect(readTextFile(fileWith('x'.repeat(1001)), limit)).toEqual({ error: 'is larger than 1 kB' });
});
