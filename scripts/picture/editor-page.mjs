/** @typedef {import('../editor/language-server.mjs').Suggestion} Suggestion */
/** @typedef {import('../editor/language-server.mjs').Diagnostic} Diagnostic */
/** @typedef {import('./page.mjs').Theme} Theme */

const THEMES = {
  light: {
    ...{
      canvas: '#ffffff',
      text: '#1f2328',
      muted: '#656d76',
      border: '#d1d9e0',
      panel: '#f6f8fa',
    },
    ...{ key: '#0550ae', value: '#0a3069', marked: '#d1242f', chosen: '#ddf4ff' },
  },
  dark: {
    ...{
      canvas: '#0d1117',
      text: '#e6edf3',
      muted: '#8d96a0',
      border: '#3d444d',
      panel: '#151b23',
    },
    ...{ key: '#79c0ff', value: '#a5d6ff', marked: '#f85149', chosen: '#1f3a5f' },
  },
};

/** How many suggestions the list shows at once. */
const SHOWN = 9;

/**
 * An HTML page that shows a manifest in an editor: the list of suggestions below the cursor, and what is
 * reported.
 *
 * @param {string} text
 * @param {{ cursor: { line: number, character: number }, suggestions: Suggestion[], diagnostics: Diagnostic[] }} answers
 * @param {{ width: number, theme: Theme }} look `width` in CSS pixels
 */
export function editorPage(text, { cursor, suggestions, diagnostics }, { width, theme }) {
  const { canvas, text: color, muted, border, panel, key, value, marked, chosen } = THEMES[theme];
  const code = text.split('\n').map((line, at) => {
    const problem = diagnostics.find(({ range }) => range.start.line === at);
    const content = problem
      ? marking(line, problem.range.start.character, problem.range.end.character)
      : colored(line);
    const caret = at === cursor.line ? '<i></i>' : '';
    return `<div><b>${at + 1}</b>${content}${caret}</div>`;
  });
  const items = [...suggestions]
    .sort((a, b) => (a.label < b.label ? -1 : 1))
    .slice(0, SHOWN)
    .map(
      ({ label, documentation }) =>
        `<li>${escaped(label)}<em>${escaped(textOf(documentation))}</em></li>`,
    );
  const problems = [...diagnostics]
    .sort((a, b) => a.range.start.line - b.range.start.line)
    .map(
      ({ message, range }) => `<p>${escaped(message)} <em>line ${range.start.line + 1}</em></p>`,
    );
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<style>
body { margin: 0; width: ${width}px; background: ${canvas}; color: ${color}; font: 14px/22px 'Liberation Mono', monospace; }
main { box-sizing: border-box; border: 1px solid ${border}; border-radius: 6px; overflow: hidden; }
pre { margin: 0; padding: 12px 0 4px; font: inherit; }
b { display: inline-block; width: 40px; padding-right: 16px; text-align: right; font-weight: normal; color: ${muted}; }
i { display: inline-block; width: 2px; height: 18px; vertical-align: text-bottom; background: ${color}; }
.key { color: ${key}; } .value { color: ${value}; }
u { text-decoration: underline wavy ${marked}; text-underline-offset: 4px; }
ul { margin: 0 0 12px ${56 + cursor.character * 8.4}px; padding: 4px 0; width: 420px; list-style: none; border: 1px solid ${border}; border-radius: 4px; background: ${panel}; }
li { display: flex; gap: 24px; padding: 0 10px; } li:first-child { background: ${chosen}; }
li em { flex: 1; overflow: hidden; text-align: right; text-overflow: ellipsis; white-space: nowrap; }
em { font-style: normal; color: ${muted}; }
footer { padding: 8px 16px; border-top: 1px solid ${border}; background: ${panel}; font: 13px/22px 'Liberation Sans', sans-serif; }
p { margin: 0; } p::before { content: '▲ '; color: ${marked}; }
</style>
</head>
<body><main><pre>${code.join('\n').replaceAll('</div>\n', '</div>')}</pre><ul>${items.join('')}</ul><footer>${problems.join('')}</footer></main></body>
</html>
`;
}

/** @param {string} line @param {number} start @param {number} end */
const marking = (line, start, end) =>
  `${escaped(line.slice(0, start))}<u>${colored(line.slice(start, end))}</u>${colored(line.slice(end))}`;

/** @param {string} line */
function colored(line) {
  const [, indent = '', key, value = ''] = /^(\s*)([\w]+:)(.*)$/.exec(line) ?? [];
  if (key === undefined) return escaped(line);
  return `${indent}<span class="key">${key}</span><span class="value">${escaped(value)}</span>`;
}

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The first sentence of a suggestion's documentation. @param {unknown} documentation */
function textOf(documentation) {
  const { value } = /** @type {{ value?: unknown }} */ (Object(documentation));
  return /^[^.]*\./.exec(String(value ?? documentation ?? ''))?.[0] ?? '';
}
