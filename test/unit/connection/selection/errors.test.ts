import { selectionError } from '../../../../src/connection/selection/complete.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import {
  CancelledError,
  FivetranError,
  RefusedError,
} from '../../../../src/fivetran/http/errors.ts';
import { contextOf, specOf } from './api.ts';

const { context } = contextOf({} as FivetranClient, specOf('ALLOW_ALL', {}));
const prefix = 'Connection shop stays paused, because its selection could not be completed: ';

test('a refusal keeps its heading and its hint, which ends the message', () => {
  const refusal = new RefusedError('read the schemas', 403, 'Forbidden', 'No', '');
  const error = selectionError(refusal, context);
  expect(error).toBeInstanceOf(FivetranError);
  expect(error).toMatchObject({
    messageWithoutHint: `${prefix}${refusal.messageWithoutHint}`,
    brief: '403 Forbidden',
    hint: refusal.hint,
    cause: refusal,
  });
});

test('a cancellation remains one', () => {
  const error = selectionError(new CancelledError('The run was cancelled.'), context);
  expect(error).toBeInstanceOf(CancelledError);
  expect(error).toMatchObject({ message: `${prefix}The run was cancelled.` });
});

test('a bug in the action is not reported as an answer from Fivetran', () => {
  const bug = new TypeError('x is not a function');
  expect(selectionError(bug, context)).toBe(bug);
});
