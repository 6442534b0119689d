import { reading } from '../../../../src/connection/as-spec/source.ts';
import {
  CancelledError,
  FivetranError,
  keyRejected,
} from '../../../../src/fivetran/http/errors.ts';

test.each([new CancelledError(), new FivetranError(keyRejected), new TypeError('a defect')])(
  'an error that concerns the whole run is no answer of one read: %s',
  async (error) => {
    await expect(reading(Promise.reject(error))).rejects.toBe(error);
  },
);
