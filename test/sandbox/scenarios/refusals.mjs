import { failure } from '../api/replies.mjs';

/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

const BAD_GATEWAY = `<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><h1>502 Bad Gateway</h1></body></html>
`;

/** Scenarios in which the API refuses requests, one for each kind of status. */
export const refusals = /** @satisfies {Record<string, Scenario>} */ ({
  unauthorized: {
    description: 'every request is answered with 401',
    refuse: () => failure(401, 'Unauthorized', 'The API key or secret is invalid'),
  },
  forbidden: {
    description: 'every request is answered with 403',
    refuse: () => failure(403, 'Forbidden', 'The API key has no permission for this request'),
  },
  'not-found': {
    description: 'every request is answered with 404: the group does not exist',
    refuse: () => failure(404, 'NotFound_Group', 'The group does not exist in this account'),
  },
  conflict: {
    description: 'the group already has a connection of that name (409)',
    nameTaken: true,
  },
  'rate-limited': {
    description: 'two requests are answered with 429, the third one succeeds',
    refuse: ({ nth }) =>
      nth > 2
        ? undefined
        : failure(429, 'TooManyRequests', 'Too many requests', { 'Retry-After': '1' }),
  },
  'server-error': {
    description: 'every request is answered with 500',
    refuse: () => failure(500, 'InternalServerError', 'An unexpected error occurred'),
  },
  'html-error': {
    description: 'every request is answered with 502 and an HTML page',
    refuse: () => ({
      status: 502,
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: BAD_GATEWAY,
    }),
  },
});
