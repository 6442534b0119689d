/** The tags that a summary makes itself; the only address is the connection's in the dashboard. */
const ownTag =
  /^<(\/?(h2|h3|p|table|tr|th|td|ul|li|details|summary|pre|a)|a href="https:\/\/fivetran\.com\/dashboard\/connectors\/[^"<>&\s]+\/status")>$/;

/**
 * What came to life in a job summary beside the summary's own HTML: foreign tags, tags that do not
 * close, lines that are Markdown, and what Markdown, HTML or GitHub would make of a text.
 */
export function foreignMarkup(summary: string): string[] {
  const tags = summary.match(/<[^>]*>/g) ?? [];
  // A block of HTML lasts until a blank line, so each line that is not blank has to be one.
  const loose = summary
    .split('\n')
    .filter((line) => !/^(<(h2|h3|p|table|ul|details)>.*<\/\2>)?$/.test(line));
  const texts = summary.replace(/<[^>]*>/g, '').replace(/&#\d+;/g, '\u2060');
  const alive = texts.match(/[<>|`[\]\\\r\u2028&]|:\/\/|\bwww\.|[@#]\w/gi) ?? [];
  return [...tags.filter((tag) => !ownTag.test(tag)), ...unclosed(tags), ...loose, ...alive];
}

function unclosed(tags: string[]): string[] {
  const open: string[] = [];
  for (const tag of tags) {
    const [, slash, name = ''] = /^<(\/?)(\w+)/.exec(tag) ?? [];
    if (!slash) open.push(name);
    else if (open.pop() !== name) return [tag];
  }
  return open;
}
