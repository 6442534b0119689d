import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/troubleshooting.md', root), 'utf8');

/** The source on one line: string literals that are joined with + are one text. */
const source = readdirSync(new URL('src/', root), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(`src/${file.replaceAll('\\', '/')}`, root), 'utf8'))
  .join('\n')
  .replace(/['"`]\s*\+\s*['"`]/g, '')
  .replaceAll('\\', '');

const messages = [...page.matchAll(/```text\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

test('the page quotes many messages', () => {
  expect(messages.length).toBeGreaterThan(30);
});

test.each(messages)('the action still says: %s', (message) => {
  const parts = message.split('…').map((part) => part.trim());
  expect(parts.filter((part) => !source.includes(part))).toEqual([]);
});
