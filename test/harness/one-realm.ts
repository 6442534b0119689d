import { types } from 'node:util';

/*
 * Jest runs each test file in a realm of its own, and Node's core modules throw the errors of the
 * outer one. Outside of tests there is a single realm, so here `instanceof` takes either's errors.
 * Import this before what it is to act on.
 */

const inherited = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, error: unknown): boolean {
    if (this === Error) return types.isNativeError(error);
    if (this === AggregateError) return types.isNativeError(error) && 'errors' in error;
    return inherited.call(this, error);
  },
});
