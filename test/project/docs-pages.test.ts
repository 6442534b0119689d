import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { ACTION } from './recipes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const action = parse(textOf('action.yml'));
const { scripts } = JSON.parse(textOf('package.json'));

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map((file) => join('docs', String(file)))
    .filter((file) => file.endsWith('.md')),
];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

const withoutCode = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');

const snippetsIn = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    ([, snippet = '']) => snippet,
  );

/** Every mapping within a value that has the key. */
function withKey(value: unknown, key: string): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.hasOwn(value, key) ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((item) => withKey(item, key))];
}

test('the pages have examples to check', () => {
  for (const language of ['yaml', 'json', 'text']) {
    expect(pages.flatMap((page) => snippetsIn(textOf(page), language))).not.toEqual([]);
  }
});

describe.each(pages)('%s', (page) => {
  const text = textOf(page);
  const prose = withoutCode(text);

  test('links to files and headings that exist', () => {
    const targets = [
      ...[...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target),
      ...[...prose.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target = '']) => target),
    ];
    for (const target of targets.filter((one) => !/^https?:/.test(one))) {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page : join(dirname(page), file);
      expect([target, existsSync(join(root, path))]).toEqual([target, true]);
      if (anchor !== undefined) expect(anchorsIn(withoutCode(textOf(path)))).toContain(anchor);
    }
  });

  test('has YAML examples that parse, with inputs and outputs that exist', () => {
    for (const snippet of snippetsIn(text, 'yaml')) {
      for (const { uses, with: given = {} } of withKey(parse(snippet), 'uses')) {
        if (uses !== ACTION) continue;
        for (const name of Object.keys(given as object)) {
          expect(Object.keys(action.inputs)).toContain(name);
        }
      }
    }
    for (const [, output] of text.matchAll(/steps\.\w+\.outputs\.(\w+)/g)) {
      expect(Object.keys(action.outputs)).toContain(output);
    }
  });

  test('has JSON examples that parse', () => {
    for (const snippet of snippetsIn(text, 'json')) expect(() => JSON.parse(snippet)).not.toThrow();
  });

  test('names npm scripts that exist', () => {
    for (const [, script] of text.matchAll(/npm run ([\w-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
  });
});

describe('docs/troubleshooting.md', () => {
  /** The source on one line: string literals that are joined with + are one text. */
  const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => textOf(join('src', file)))
    .join('\n')
    .replace(/['"`]\s*\+\s*['"`]/g, '')
    .replaceAll('\\', '');
  const messages = snippetsIn(textOf('docs/troubleshooting.md'), 'text').flatMap((block) =>
    block.trim().split('\n'),
  );

  test('quotes only what the action says', () => {
    expect(messages.length).toBeGreaterThan(30);
    for (const message of messages) {
      const parts = message.split('…').map((part) => part.trim());
      expect(parts.filter((part) => !source.includes(part))).toEqual([]);
    }
  });
});
