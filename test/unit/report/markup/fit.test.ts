import { shortened } from '../../../../src/report/markup/fit.ts';

test.each([
  ['One two.', 8, 'One two.'],
  ['One. Two three', 4, 'One. …'],
  ['One. Two three four', 12, 'One. …'],
  ['One. Two three four', 13, 'One. Two…'],
  ['One. Two three four', 14, 'One. Two three…'],
  ['One two three', 7, 'One two…'],
  ['One two three', 6, 'One…'],
  ['x'.repeat(9), 8, `${'x'.repeat(8)}…`],
  ['x😀y', 2, 'x…'],
])('%j is shortened to %i characters', (text, length, expected) => {
  expect(shortened(text, length)).toBe(expected);
});
