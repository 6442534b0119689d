/** The tags that a summary or comment makes itself. Links lead to the dashboard or the workflow run. */
const ownTag =
  /^<(\/?(h2|h3|p|b|sub|table|tr|th|td|ul|li|details|summary|blockquote|pre|code|a)|br|th align="left"|a href="https:\/\/(fivetran\.com\/dashboard\/connections\/[^"<>&\s]+\/status|github\.com\/[\w/-]+)")>$/;

/** Tags that have no end tag. */
const voidTags = ['br'];

/**
 * What took effect in a summary beside its own HTML: foreign tags, tags that do not close, lines that
 * are Markdown, and what Markdown, HTML or GitHub would make of a text. Empty when nothing did.
 */
export function foreignMarkup(summary: string): string[] {
  const tags = summary.match(/<[^>]*>/g) ?? [];
  // A block of HTML lasts until a blank line, so each line that is not blank has to be one.
  const loose = summary
    .split('\n')
    .filter((line) => !/^(<(h2|h3|p|table|ul|pre|details)>.*<\/\2>)?$/.test(line));
  const withoutTags = (html: string) => html.replace(/<[^>]*>/g, '').replace(/&#\d+;/g, '\u2060');
  // GitHub links no person, issue or commit in code.
  const prose = summary.replace(/<(code|pre)>.*?<\/\1>/g, '');
  const alive = [
    ...(withoutTags(summary).match(/[<>|`[\]\\\r\u2028&]|:\/\/|\bwww\./gi) ?? []),
    ...(withoutTags(prose).match(/[@#]\w|\bGH-\d|\b[\da-f]{40}\b/gi) ?? []),
  ];
  return [...tags.filter((tag) => !ownTag.test(tag)), ...unclosed(tags), ...loose, ...alive];
}

function unclosed(tags: string[]): string[] {
  const open: string[] = [];
  for (const tag of tags) {
    const [, slash, name = ''] = /^<(\/?)(\w+)/.exec(tag) ?? [];
    if (voidTags.includes(name)) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) return [tag];
  }
  return open;
}

/** The text of a summary as a reader sees it, without tags. */
export const readable = (summary: string): string =>
  summary
    .replace(/<br>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('\u2060', '')
    .replaceAll('\u00a0', ' ');

/** The cells of a summary's tables, row by row, as a reader sees them. */
export const rowsOf = (summary: string): string[][] =>
  [...summary.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => readable(cell)),
  );
