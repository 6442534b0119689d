import { selectionError } from '../../../../src/connection/selection/complete.ts';
import type { FivetranClient } from '../../../../src/fivetran/client.ts';
import { CancelledError, RefusedError } from '../../../../src/fivetran/http/errors.ts';
import { contextOf, specOf } from './api.ts';

const { context } = contextOf({} as FivetranClient, specOf('ALLOW_ALL', {}));
const pausedBecause = 'its selection could not be completed';

test('of a paused connection stays what it is, and the state says why it is paused', () => {
  const refusal = new RefusedError({
    purpose: 'read the schemas',
    status: 403,
    code: 'Forbidden',
    reason: 'No',
    conflictHint: '',
  });
  for (const error of [refusal, new CancelledError()]) {
    context.state.pausedBecause = undefined;
    expect(selectionError(error, context)).toBe(error);
    expect(context.state.pausedBecause).toBe(pausedBecause);
  }
});

test('a bug in the action is not reported as an answer from Fivetran', () => {
  const bug = new TypeError('x is not a function');
  expect(selectionError(bug, context)).toBe(bug);
});
