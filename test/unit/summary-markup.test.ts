import * as fc from 'fast-check';
import { connectionSummary } from '../../src/report/summary.ts';
import { verdictOn } from '../../src/report/verdict.ts';
import { foreignMarkup } from '../markup.ts';
import { hostKey } from '../sandbox/fixtures.mjs';
import { progressOf } from './progress-of.ts';

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<img src=x>',
        '</td></tr></table>',
        '</pre></details>',
        '<!--',
        '-->',
        '<script>',
        '<a href="//x">',
        '"',
        "'",
        '>',
        '`',
        '```\n',
        '\n\n',
        '\r\n\r\n',
        '\u2028\u2028',
        '# h\n',
        '- x\n',
        '|',
        '\\',
        '[x](//y)',
        '![x](//y)',
        '&lt;b&gt;',
        '&#60;b>',
        '@octocat',
        '#1',
        'https://evil.example',
        'www.evil.example',
        '***',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const text = fc.option(hostile, { nil: undefined });
const details = fc.oneof(
  fc.constant(undefined),
  hostile,
  fc.record({ public_key: hostile.map((name) => `${hostKey.public_key}${name}`), name: hostile }),
  fc.array(fc.dictionary(hostile, hostile), { maxLength: 3 }),
);
const note = fc.record({ code: text, message: text });
const answer = fc.record({
  id: hostile.map((id) => id || 'x'),
  group_id: text,
  service: text,
  schema: text,
  status: fc.record({
    setup_state: fc.oneof(text, fc.constantFrom('connected', 'broken', 'incomplete')),
    sync_state: text,
    tasks: fc.array(note, { maxLength: 2 }),
    warnings: fc.array(note, { maxLength: 2 }),
  }),
  setup_tests: fc.array(
    fc.record({
      title: hostile,
      status: fc.oneof(hostile, fc.constantFrom('PASSED', 'WARNING')),
      message: hostile,
      details,
    }),
    { maxLength: 4 },
  ),
});
const more = fc.record({ notes: fc.array(hostile, { maxLength: 2 }), error: text });

test('whatever Fivetran answers, the summary has no markup but its own', () => {
  fc.assert(
    fc.property(answer, more, (given, about) => {
      const state = progressOf(given, about);
      const summary = connectionSummary(state, verdictOn(state), (text) => text);
      expect(foreignMarkup(summary)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
