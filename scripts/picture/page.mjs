import { readFileSync } from 'node:fs';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

/** GitHub's stylesheets, and its colors around a summary. */
const THEMES = {
  light: {
    css: import.meta.resolve('github-markdown-css/github-markdown-light.css'),
    canvas: '#ffffff',
    border: '#d1d9e0',
  },
  dark: {
    css: import.meta.resolve('github-markdown-css/github-markdown-dark.css'),
    canvas: '#0d1117',
    border: '#3d444d',
  },
};

// The schema that rehype-sanitize uses by default is GitHub's.
const renderer = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize)
  .use(rehypeStringify);

/** @typedef {keyof typeof THEMES} Theme */

/**
 * An HTML page that shows Markdown as GitHub does, in a box of a fixed width.
 * @param {string} markdown
 * @param {{ width: number, theme: Theme }} look `width` in CSS pixels
 */
export function pageOf(markdown, { width, theme }) {
  const { css, canvas, border } = THEMES[theme];
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<style>${readFileSync(new URL(css), 'utf8')}
html { background: ${canvas}; }
body { margin: 0; width: ${width}px; }
.markdown-body { box-sizing: border-box; padding: 24px; border: 1px solid ${border}; border-radius: 6px; }
</style>
</head>
<body><article class="markdown-body">${renderer.processSync(markdown)}</article></body>
</html>
`;
}
