import { annotated } from '../harness/reading.ts';
import { runStep } from '../harness/run-step.ts';

test.each([
  [
    '401',
    { scenario: 'unauthorized' },
    {},
    '401 Unauthorized',
    'Check that api_key and api_secret',
  ],
  ['401', { apiKey: 'right' }, { api_key: 'wrong' }, '401 Unauthorized', 'api_key and api_secret'],
  ['403', { scenario: 'forbidden' }, {}, '403 Forbidden', "the API key's role"],
  [
    '404',
    {},
    { group_id: 'none' },
    '404 NotFound_Group',
    'group_id is none',
    "not the destination's name",
  ],
  ['404', {}, { service: 'none' }, '404 NotFound_Service', 'has no service none', 'See https://'],
])('a %s fails with its code and what to check: %j %j', async (_, world, inputs, ...words) => {
  const run = await runStep({ inputs }, world);
  expect(run.exitCode).toBe(1);
  expect(run.sent.slice(0, 1)).toEqual(['create']);
  const [error = '', ...more] = annotated(run, 'error');
  expect(more).toEqual([]);
  for (const word of words) expect(error).toContain(word);
  expect(run.connections).toEqual([]);
});

test("an invalid value fails with Fivetran's own message", async () => {
  const run = await runStep({ inputs: { service: 'postgres', config: 'port: many' } });
  expect(run.exitCode).toBe(1);
  expect(run.sent).toEqual(['create']);
  expect(annotated(run, 'error')).toEqual([
    expect.stringMatching(/400 InvalidInput: Field 'config\.port' must be of type integer/),
  ]);
});

test.each([409, 400] as const)(
  'a taken name fails with the id of its connection when Fivetran answers %d',
  async (conflictStatus) => {
    const connections = [{ id: 'old_one', config: { schema: 'crm' } }];
    const run = await runStep({}, { conflictStatus, connections });
    expect(run.exitCode).toBe(1);
    expect(run.sent).toEqual(['create', 'look up']);
    expect(run.requests[1]).toMatchObject({ query: { group_id: 'decent_dropsy', schema: 'crm' } });
    const [error = '', ...more] = annotated(run, 'error');
    expect(more).toEqual([]);
    expect(error).toContain('. The group already has a connection of this name: old_one.');
    for (const word of [String(conflictStatus), 'Conflict', 'crm', 'if_exists']) {
      expect(error).toContain(word);
    }
    expect(run.ids).toEqual(['old_one']);
  },
);

test.each<[string, number, unknown, string]>([
  ['without a body', 400, '', 'Fivetran answered 400.'],
  [
    'with an HTML page',
    403,
    '<html><body><h1>Blocked</h1> by a proxy</body></html>',
    '403: Blocked by a proxy.',
  ],
  ['with JSON of another shape', 422, { error: 'x' }, 'Fivetran answered 422'],
  ['with JSON that is not an object', 400, '[1]', 'Fivetran answered 400'],
  ['with fields of unexpected types', 400, { code: 7, message: null }, 'Fivetran answered 400 7.'],
])('a refusal %s fails with what is readable of it', async (_, status, body, words) => {
  const run = await runStep(
    { inputs: { config: '' } },
    { faults: [{ kind: 'status', status, body }] },
  );
  expect(run.exitCode).toBe(1);
  expect(run.sent).toEqual(['create']);
  expect(annotated(run, 'error')).toEqual([expect.stringContaining(words)]);
});
