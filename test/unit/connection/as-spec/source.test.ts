import { reading } from '../../../../src/connection/as-spec/source.ts';
import {
  CancelledError,
  FivetranError,
  keyRejected,
} from '../../../../src/fivetran/http/errors.ts';

test.each([new CancelledError(), new FivetranError(keyRejected), new TypeError('a defect')])(
  'an error that is not about one read is thrown: %s',
  async (error) => {
    await expect(reading(Promise.reject(error))).rejects.toBe(error);
  },
);
