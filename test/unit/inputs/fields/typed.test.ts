import { listItems, typed } from '../../../../src/inputs/fields/check-field.ts';
import { inputFields } from '../../../../src/inputs/fields/fields.ts';

test.each([
  ['paused', 'true', true],
  ['paused', 'TRUE', true],
  ['paused', 'True', true],
  ['paused', 'False', false],
  ['paused', 'FALSE', false],
  ['paused', 'yes', 'yes'],
  ['paused', 'tRUE', 'tRUE'],
  ['sync_frequency', '60', 60],
  ['sync_frequency', '7', '7'],
  ['sync_frequency', '060', '060'],
  ['sync_frequency', '60.0', '60.0'],
  ['data_delay_threshold', '1e3', '1e3'],
  ['data_delay_threshold', '0x10', '0x10'],
  ['data_delay_threshold', '+5', '+5'],
  ['data_delay_threshold', '0', 0],
  ['sync_timeout_minutes', '0.5', 0.5],
  ['sync_timeout_minutes', 'Infinity', 'Infinity'],
  ['group_id', 'true', 'true'],
  ['private_link_id', '0042', '0042'],
  ['private_link_id', '42', '42'],
])('%s: %s is read as %j', (field, text, value) => {
  expect(typed(inputFields[field as keyof typeof inputFields], text)).toBe(value);
});

test('listItems skips comments, and keeps PEM text whole', () => {
  expect(listItems('# ours\nSHA256:a\n  # theirs\nb # kept\n#')).toEqual(['SHA256:a', 'b # kept']);
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  expect(listItems(`a\n${pem}\n${pem}\n\nb`)).toEqual(['a', `${pem}\n${pem}`, 'b']);
  expect(listItems('-----BEGIN CERTIFICATE-----\nMIIB')).toEqual([
    '-----BEGIN CERTIFICATE-----\nMIIB',
  ]);
});

test('listItems returns the trimmed lines that are not empty', () => {
  expect(listItems(' a \r\n\n  b c\n \n')).toEqual(['a', 'b c']);
  expect(listItems('')).toEqual([]);
});
