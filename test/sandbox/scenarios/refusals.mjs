import { failure } from '../api/replies.mjs';

/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

/** The scenarios in which the API refuses, one for each kind of status. */
export const refusals = /** @satisfies {Record<string, Scenario>} */ ({
  unauthorized: {
    description: 'every request is answered with 401',
    refuse: () => failure(401, 'Unauthorized', 'The API key or its secret is not valid'),
  },
  forbidden: {
    description: 'every request is answered with 403',
    refuse: () => failure(403, 'Forbidden', 'The API key may not do this'),
  },
  'not-found': {
    description: 'every request is answered with 404: the group does not exist',
    refuse: () => failure(404, 'NotFound_Group', 'There is no such group in this account'),
  },
  conflict: {
    description: 'the group has a connection of that name already: 409',
    nameTaken: true,
  },
  'rate-limited': {
    description: 'two requests are answered with 429, the third one is let through',
    refuse: ({ nth }) =>
      nth > 2
        ? undefined
        : failure(429, 'TooManyRequests', 'Too many requests', { 'Retry-After': '1' }),
  },
  'server-error': {
    description: 'every request is answered with 500',
    refuse: () => failure(500, 'InternalServerError', 'Something went wrong on our side'),
  },
  'html-error': {
    description: 'every request is answered with 502 and a page of HTML',
    refuse: () => ({
      status: 502,
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body></html>\n',
    }),
  },
});
