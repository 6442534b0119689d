/**
 * Escapes untrusted text for the inside of an HTML block in Markdown, so that neither Markdown nor
 * HTML, nor GitHub's own links to addresses, people and issues come to life in it. The result is one
 * line, since a blank line would end the block.
 */
export const escapeHtml = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[&<>`[\]|\\]|:(?=\/\/)|(?<=\bwww)\./gi, (char) => `&#${char.charCodeAt(0)};`)
    // A word joiner keeps what GitHub would link apart, and can't be seen.
    .replace(/@|(?<!&)#(?=\w)/g, (char) => `${char}&#8288;`);

/** The same, with the text's own line breaks kept: for the inside of `<pre>`. */
export const escapePre = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(escapeHtml)
    .join('&#10;');
