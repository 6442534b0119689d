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

test('a refusal keeps its heading and its hint', () => {
  const refusal = new RefusedError({
    purpose: 'read the schemas',
    status: 403,
    code: 'Forbidden',
    reason: 'No',
    conflictHint: '',
  });
  const error = selectionError(refusal, context);
  expect(error).toBeInstanceOf(FivetranError);
  expect(error).toMatchObject({
    message: `${prefix}${refusal.message}`,
    shortReason: '403 Forbidden',
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
