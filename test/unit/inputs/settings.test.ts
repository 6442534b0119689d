import { absentIn, credentials, plainInputs, read, readInputs } from './reading.ts';

test('missing inputs have defaults', async () => {
  const { settings } = await read();
  expect(settings).toEqual({
    api: {
      url: 'https://api.fivetran.com',
      key: credentials.api_key,
      secret: credentials.api_secret,
      timeoutSeconds: 300,
      rateLimitWaitMinutes: 10,
    },
    dry_run: false,
    notices: [],
    summary: true,
    comment: undefined,
    target: {
      kind: 'single',
      spec: {
        state: 'present',
        group_id: 'decent_dropsy',
        service: 'postgres',
        name: 'crm',
        normalizedName: 'crm',
        request: {
          group_id: 'decent_dropsy',
          service: 'postgres',
          config: { schema_prefix: 'crm' },
        },
        if_exists: 'fail',
        on_failed_tests: 'keep',
        trusted_fingerprints: [],
        trusted_certificates: [],
        selection: undefined,
        wait_for_sync: false,
        variables: [],
        update_secrets: true,
      },
    },
  });
});

test('inputs outside the request are read', async () => {
  const certificate = 'ab'.repeat(32);
  const inputs = {
    if_exists: 'update',
    on_failed_tests: ' delete\n',
    trusted_certificates: `${certificate}\n\n  ${certificate}`,
    wait_for_sync: 'true',
    sync_timeout_minutes: '2.5',
    dry_run: 'true',
    summary: 'false',
    comment: 'true',
    github_token: 'ghs_x',
    comment_key: '3',
    request_timeout_seconds: '30',
    rate_limit_wait_minutes: '0',
    update_secrets: 'false',
    api_url: 'http://127.0.0.1:8080',
  };
  const { settings } = await read(inputs);
  expect(settings).toMatchObject({
    api: { url: 'http://127.0.0.1:8080', timeoutSeconds: 30, rateLimitWaitMinutes: 0 },
    dry_run: true,
    summary: false,
    comment: { github_token: 'ghs_x', comment_key: '3' },
    target: {
      spec: {
        if_exists: 'update',
        update_secrets: false,
        on_failed_tests: 'delete',
        trusted_certificates: [certificate, certificate],
        wait_for_sync: { timeoutMinutes: 2.5 },
      },
    },
  });
});

test('the comment needs comment: true, and no key', async () => {
  const github_token = 'ghs_x';
  expect((await read({ github_token })).settings?.comment).toBeUndefined();
  const { settings } = await read({ github_token, comment: 'true' });
  expect(settings?.comment).toEqual({ github_token, comment_key: '' });
});

describe('state: absent', () => {
  const absent = (inputs: Record<string, string>) =>
    readInputs({ ...credentials, state: 'absent', ...inputs });
  const { group_id, service, config } = plainInputs;

  test.each<[Record<string, string>, object]>([
    [{ connection_id: 'x' }, { target: { kind: 'id', connection_id: 'x' }, expect: {} }],
    [
      { connection_id: 'x', group_id, service, config },
      {
        target: { kind: 'id', connection_id: 'x' },
        expect: { group_id, service, name: 'crm', normalizedName: 'crm' },
      },
    ],
    [
      { group_id, config },
      {
        target: {
          kind: 'name',
          group_id,
          name: 'crm',
          normalizedName: 'crm',
          shortName: undefined,
        },
        expect: {},
      },
    ],
    [
      { group_id, config, service },
      {
        target: {
          kind: 'name',
          group_id,
          name: 'crm',
          normalizedName: 'crm',
          shortName: undefined,
        },
        expect: { service },
      },
    ],
  ])('%j', async (inputs, spec) => {
    expect(absentIn(await absent(inputs))).toEqual({ state: 'absent', ...spec });
  });
});
