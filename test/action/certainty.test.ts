import { runStep, visible } from './step.ts';

const create = { method: 'POST', path: '/v1/connections' };

test('a connect card that can not be had does not hide the verdict on the tests', async () => {
  const reuse = { if_exists: 'reuse', connect_card_config: 'redirect_uri: https://x.example' };
  const ran = await runStep(
    { inputs: { ...reuse, config: 'schema: crm' } },
    {
      scenario: 'failed-tests',
      connections: [{ config: { schema: 'crm' }, setup_state: 'incomplete' }],
      faults: [
        { method: 'POST', path: '/v1/connections/{id}/connect-card', kind: 'status', status: 403 },
      ],
    },
  );
  const failure = ran.annotations.filter(({ level }) => level === 'error').at(-1);
  expect(failure?.message).toContain('was reused, but 1 of 3 setup tests failed');
  expect(visible(ran)).toContain('Could not get a connect card');
  expect(ran.exitCode).toBe(1);
});

test('a moment that is no date tells nothing of whose a connection is', async () => {
  const items = [{ id: 'odd_one', schema: 'crm', service: '15five', created_at: '99999' }];
  const body = JSON.stringify({ code: 'Success', data: { items } });
  const ran = await runStep(
    { inputs: { config: 'schema: crm' } },
    {
      faults: [
        { ...create, kind: 'reset' },
        { method: 'GET', path: '/v1/connections', kind: 'status', status: 200, body },
      ],
    },
  );
  expect(visible(ran)).toContain('Whether this step created it can not be told');
  expect(ran.exitCode).toBe(1);
});

test('a proxy whose URL is not valid is named, and nothing may exist', async () => {
  const ran = await runStep(
    {
      inputs: { config: '', api_url: 'https://api.fivetran.example' },
      env: { HTTPS_PROXY: 'not a url' },
    },
    {},
  );
  expect(visible(ran)).toContain('Check HTTPS_PROXY');
  expect(visible(ran)).not.toContain('may exist');
  expect(ran.requests).toEqual([]);
});
