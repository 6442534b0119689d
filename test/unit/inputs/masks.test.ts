import { createMasks, type Masks } from '../../../src/inputs/masks.ts';

function maskedOf(collect: (masks: Masks) => void): string[] {
  const masked: string[] = [];
  const masks = createMasks();
  collect(masks);
  expect(masked).toEqual([]);
  masks.apply((secret) => masked.push(secret));
  return masked;
}

test.each(['hunter2', 'p w', 'true story', '12 monkeys', '1.2.3', '-----BEGIN\nKEY'])(
  'a suspected secret such as %j is masked',
  (value) => {
    expect(maskedOf((masks) => masks.maybeSecret(value))).toEqual([value]);
  },
);

test.each(['1234', '-5', '+49', '3.10', '1,5', '', ' '])(
  'a suspected number or blank such as %j is not masked',
  (value) => {
    expect(maskedOf((masks) => masks.maybeSecret(value))).toEqual([]);
  },
);

test.each([
  'billing_pr_1234',
  'pr_12',
  'BILLING',
  'decent_dropsy',
  'postgres',
  'fivetran',
  'dashboard',
  'connections',
])('%s is part of the public identity, and is not masked', (value) => {
  const masked = maskedOf((masks) => {
    masks.maybeSecret(value);
    for (const text of ['Billing_PR_1234', 'decent_dropsy', 'postgres']) masks.addPublicText(text);
  });
  expect(masked).toEqual([]);
});

test('a value under a key that names a secret is always masked', () => {
  const values = ['1234', 'billing', 'fivetran'];
  const masked = maskedOf((masks) => {
    masks.addPublicText('billing');
    for (const value of values) {
      masks.maybeSecret(value);
      masks.secret(value);
    }
  });
  expect(masked).toEqual(values);
});

test('public lines of a multi-line value are not masked', () => {
  const masked = maskedOf((masks) => {
    masks.addPublicText('billing');
    masks.maybeSecret(' billing\nhunter2\n 5432\nhunter3');
    masks.maybeSecret('hunter4\nhunter5\n');
  });
  expect(masked).toEqual(['hunter2', 'hunter3', 'hunter4\nhunter5\n']);
});
