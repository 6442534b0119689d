import { runStep } from '../harness/run-step.ts';
import { openSandbox } from '../harness/sandboxes.ts';

const basic = (key: string, secret: string) =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

test('a request with a body has the headers that the API reference names', async () => {
  const { requests } = await runStep();
  expect(requests[0]?.headers).toMatchObject({
    accept: 'application/json;version=2',
    'content-type': 'application/json',
    authorization: basic('sandbox_key', 'sandbox_secret'),
  });
});

test('a look-up has no body and no content type', async () => {
  const { requests } = await runStep({}, { scenario: 'conflict' });
  const [, lookUp] = requests;
  expect(lookUp).toMatchObject({ method: 'GET', path: '/v1/connections', body: undefined });
  expect(lookUp?.headers).toMatchObject({
    accept: 'application/json;version=2',
    authorization: basic('sandbox_key', 'sandbox_secret'),
  });
  expect(lookUp?.headers).not.toHaveProperty('content-type');
});

const pair = { apiKey: 'key:of*mine', apiSecret: 'päss word$1' };

test('the API key and secret are sent as basic authentication, in UTF-8', async () => {
  const { requests } = await runStep({
    inputs: { api_key: pair.apiKey, api_secret: pair.apiSecret },
  });
  expect(requests[0]?.headers.authorization).toBe(basic(pair.apiKey, pair.apiSecret));
});

test('api_url may end with a slash', async () => {
  const sandbox = await openSandbox();
  await runStep({ inputs: { api_url: `${sandbox.url}/` } }, { sandbox });
  expect(sandbox.requests.map(({ path }) => path)).toEqual(['/v1/connections']);
});
