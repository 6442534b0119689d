import {
  choice,
  flag,
  group,
  list,
  number,
  oauth,
  schema,
  secret,
  table,
  text,
} from './properties.mjs';

/** @typedef {import('../metadata.mjs').Connector} Connector */

const SYNC_MODES = ['AllAccounts', 'SpecificAccounts'];

const report = group(
  {
    table: text('Table'),
    report_type: choice('Report type', ['AD_PERFORMANCE', 'CAMPAIGN', 'KEYWORDS']),
    fields: list('Fields', text('Field')),
  },
  ['table', 'report_type'],
);

/** Connectors for applications, by service. @type {Record<string, Connector>} */
export const applications = {
  '15five': {
    name: '15Five',
    config: group({ schema, api_key: secret('API key') }, ['schema']),
    auth: group({}),
  },
  salesforce: {
    name: 'Salesforce',
    config: group(
      {
        schema,
        base_url: text('Base URL', { nullable: true }),
        sync_formula_fields: flag('Formula fields', { fieldStatus: 'PRIVATE_PREVIEW' }),
        organization_id: text('Organization ID', { readonly: true }),
        connecting_user: text('Connecting user', { readonly: true }),
        connecting_user_email: text('Email of the connecting user', { readonly: true }),
        connection_type: choice(
          'Connection type',
          ['Directly', 'PrivateLink', 'ProxyAgent', 'SshTunnel'],
          { readonly: true },
        ),
      },
      ['schema'],
    ),
    auth: oauth,
  },
  google_ads: {
    name: 'Google Ads',
    config: group(
      {
        schema,
        sync_mode: choice('Accounts to sync', SYNC_MODES),
        accounts: list('Accounts', text('Account')),
        customer_id: text('Customer ID'),
        timeframe_months: choice('Months of history', ['THREE', 'SIX', 'TWELVE', 'ALL_TIME'], {
          immutable: true,
        }),
        conversion_window_size: number('Conversion window in days'),
        reports: list('Reports', report),
      },
      ['schema'],
    ),
    auth: oauth,
  },
  google_sheets: {
    name: 'Google Sheets',
    config: group(
      {
        schema,
        table,
        auth_type: choice('Authentication', ['ServiceAccount', 'OAuth']),
        sheet_id: text('Sheet URL'),
        named_range: text('Named range'),
      },
      ['schema', 'table'],
    ),
    auth: oauth,
  },
  github: {
    name: 'GitHub',
    config: group(
      {
        schema,
        sync_mode: choice('Repositories to sync', ['AllRepositories', 'SpecificRepositories']),
        repositories: list('Repositories', text('Repository')),
        auth_mode: choice('Authentication', ['PersonalAccessToken', 'OAuth', 'JWT']),
        username: text('User name'),
        pats: list('Personal access tokens', secret('Personal access token')),
        use_webhooks: flag('Webhooks'),
      },
      ['schema'],
    ),
    auth: oauth,
  },
  buildkite: {
    name: 'Buildkite',
    service_status: 'beta',
    config: group({ schema, api_token: secret('API token') }, ['schema']),
    auth: group({}),
  },
  uservoice: {
    name: 'UserVoice',
    service_status: 'sunset',
    config: group({ schema, subdomain: text('Subdomain') }, ['schema']),
    auth: oauth,
  },
};
