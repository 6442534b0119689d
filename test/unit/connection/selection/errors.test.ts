import { selectionError } from '../../../../src/connection/selection/complete.ts';
import type { Context } from '../../../../src/connection/state.ts';
import { CancelledError } from '../../../../src/fivetran/http/errors.ts';
import { readConnection } from '../../../../src/fivetran/responses/connection.ts';

const connection = readConnection({ id: 'shop', paused: false });
const errorOf = (error: unknown) => selectionError(error, { state: { connection } } as Context);

test('a cancellation stays one, and says what is known of a connection that runs', () => {
  const error = errorOf(new CancelledError());
  expect(error).toBeInstanceOf(CancelledError);
  expect(error).toMatchObject({ message: expect.stringMatching(/^Connection shop is not paused/) });
});

test('a defect of the action stays as it is', () => {
  const defect = new TypeError('x is not a function');
  expect(errorOf(defect)).toBe(defect);
});
