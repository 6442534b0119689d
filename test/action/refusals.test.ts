import { annotated, runStep, sent } from './step.ts';

const create = 'POST /v1/connections';
const lookUp = 'GET /v1/connections';

test.concurrent.each([
  [{ scenario: 'unauthorized' }, {}, '401 Unauthorized', 'not valid', 'api_key and api_secret'],
  [{ scenario: 'forbidden' }, {}, '403 Forbidden', 'may not do this', 'role of the API key'],
  [{ apiKey: 'right' }, { api_key: 'wrong' }, '401 Unauthorized', '', 'api_key and api_secret'],
  [{}, { group_id: 'none' }, '404 NotFound_Group', 'none', 'Check group_id and service'],
  [{}, { service: 'none' }, '404 NotFound_Service', 'none', 'Check group_id and service'],
])('%j %j: status, code, message and what to check', async (options, inputs, ...words) => {
  const ran = await runStep({ inputs }, options);
  expect(ran.exitCode).toBe(1);
  expect(sent(ran)).toEqual([create]);
  const errors = annotated(ran, 'error');
  expect(errors).toHaveLength(1);
  for (const word of words) expect(errors[0]).toContain(word);
  expect(ran.connections).toEqual([]);
});

test('a value that Fivetran does not take is told in its words', async () => {
  const inputs = { service: 'postgres', config: 'port: many' };
  const ran = await runStep({ inputs });
  expect(ran.exitCode).toBe(1);
  expect(sent(ran)).toEqual([create]);
  expect(annotated(ran, 'error')).toEqual([
    expect.stringMatching(/400 InvalidInput: Field 'config\.port' must be of type integer/),
  ]);
});

test.concurrent.each([409, 400] as const)(
  'a name that is taken, which Fivetran refuses with %d, is told with the id of who has it',
  async (conflictStatus) => {
    const connections = [{ id: 'old_one', config: { schema: 'crm' } }];
    const ran = await runStep({}, { conflictStatus, connections });
    expect(ran.exitCode).toBe(1);
    expect(sent(ran)).toEqual([create, lookUp]);
    expect(ran.requests[1]).toMatchObject({ query: { group_id: 'decent_dropsy', schema: 'crm' } });
    const [error = '', ...more] = annotated(ran, 'error');
    expect(more).toEqual([]);
    for (const word of [String(conflictStatus), 'Conflict', 'old_one', 'crm']) {
      expect(error).toContain(word);
    }
    expect(ran.connections.map(({ id }) => id)).toEqual(['old_one']);
  },
);

test.concurrent.each<[string, number, unknown, string]>([
  ['no body', 400, '', 'Fivetran answered 400.'],
  [
    'HTML',
    403,
    '<html><body><h1>Blocked</h1> by a proxy</body></html>',
    '403: Blocked by a proxy.',
  ],
  ['JSON of another shape', 422, { error: 'x' }, 'Fivetran answered 422'],
  ['JSON that is no object', 400, '[1]', 'Fivetran answered 400.'],
  ['odd types', 400, { code: 7, message: null }, 'Fivetran answered 400 7.'],
])('a refusal with %s is told as far as it can be read', async (_what, status, body, words) => {
  const ran = await runStep(
    { inputs: { config: '' } },
    { faults: [{ kind: 'status', status, body }] },
  );
  expect(ran.exitCode).toBe(1);
  expect(sent(ran)).toEqual([create]);
  expect(annotated(ran, 'error')).toEqual([expect.stringContaining(words)]);
});
