import { failure } from '../api/replies.mjs';

/** @typedef {import('../scenarios.mjs').Scenario} Scenario */

const MARKDOWN = '[click me](https://evil.example) ![pixel](https://evil.example/p.png) **bold** `';
const HTML = '<img src=x onerror=alert(1)></td></table><script>alert(2)</script><!-- <details>';
const COMMANDS = '\n::error title=forged::forged\n::set-output name=connection_id::forged\r\n';
const LINES = '| a | b |\n|---|---|\r\n# Heading\n```\n~~~\n@everyone #1 https://evil.example/x';
const CONTROL = '\u001b[31mred\u001b[0m \u0000 \u202Eesrever\u202C \uD800';

/** @param {string[]} secrets */
const echo = (secrets) => `you sent ${secrets.join(' and ')}`;

/** @type {Scenario} */
export const hostile = {
  description: 'tests fail with texts of Markdown, HTML, workflow commands and secrets',
  tests: ({ secrets, unknownHostKeys }) => [
    { title: MARKDOWN, status: 'FAILED', message: HTML, details: COMMANDS },
    { title: `${HTML}\n${COMMANDS}`, status: 'FAILED', message: echo(secrets), details: LINES },
    {
      title: 'a|b\\|c\nd',
      status: 'FAILED',
      message: `${LINES}${COMMANDS}`,
      details: unknownHostKeys.map((key) => ({ ...key, name: MARKDOWN + HTML + COMMANDS })),
    },
    { title: 'long '.repeat(2_000), status: 'WARNING', message: 'x'.repeat(200_000) },
    { title: CONTROL, status: 'PASSED', message: CONTROL, details: { [HTML]: { '|': [LINES] } } },
    { title: '', status: `FAILED ${HTML}|${COMMANDS}`, message: echo(secrets.map(jsonEscaped)) },
  ],
  tasks: [{ code: `${MARKDOWN}\n`, message: HTML, details: COMMANDS }],
  warnings: [{ code: HTML, message: `${MARKDOWN}${COMMANDS}` }],
};

/** @type {Scenario} */
export const hostileError = {
  description: 'every request is refused with a message like those of hostile',
  refuse: ({ secrets }) =>
    failure(400, `Invalid|${HTML}`, `${MARKDOWN}${COMMANDS}${LINES}${HTML} ${echo(secrets)}`),
};

/**
 * A secret as it appears inside a JSON string, which is another form in which a server may echo it.
 * @param {string} secret
 */
const jsonEscaped = (secret) => JSON.stringify(secret).slice(1, -1);
