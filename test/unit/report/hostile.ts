import * as fc from 'fast-check';
import { anyCharacter } from '../../harness/any-character.ts';

/** Text that tries to be Markdown, HTML, a link, a mention or another line. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['<img src=x>', '</td></tr></table>', '</pre></details>', '<!--', '-->', '<script>'],
        ...['<a href="//x">', '"', "'", '>', '`', '```\n', '\n\n', '\r\n\r\n', '\u2028\u2028'],
        ...['# h\n', '- x\n', '|', '\\', '[x](//y)', '![x](//y)', '&lt;b&gt;', '&#60;b>'],
        ...['@octocat', '#1', 'https://evil.example', 'www.evil.example', '***'],
      ),
      fc.string({ unit: anyCharacter }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
