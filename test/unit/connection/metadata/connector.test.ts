import {
  checkConnector,
  groupRead,
  metadataRead,
  readable,
} from '../../../../src/connection/metadata/connector.ts';
import type { DryRun } from '../../../../src/connection/results.ts';
import type { Context } from '../../../../src/connection/state.ts';
import { FivetranError, RefusedError } from '../../../../src/fivetran/http/errors.ts';
import { readConnection } from '../../../../src/fivetran/responses/connection.ts';
import { readConnectorType } from '../../../../src/fivetran/responses/connector-type.ts';
import type { PresentSpec } from '../../../../src/inputs/spec.ts';

const findings = () => ({ problems: [], warnings: [] }) as Pick<DryRun, 'problems'> as DryRun;
const specWith = (request: object = {}) =>
  ({ group_id: 'g', service: 'crm', variables: [], request }) as unknown as PresentSpec;

/** What the metadata of a service says about a request. */
function check(metadata: object, request: object = {}, exists = false) {
  const connector = readConnectorType({ config: {}, ...metadata });
  if (!connector) throw new Error('the metadata of a test is not readable');
  const existing = exists ? readConnection({ id: 'crm_id' }) : undefined;
  const found = findings();
  checkConnector(specWith(request), { connector, existing, found });
  return { problems: found.problems, warnings: found.warnings };
}

test('a stage is named in words', () => {
  expect(check({ service_status: 'private_preview_x' }).warnings).toEqual([
    'Service crm is not generally available (private preview x).',
  ]);
  expect(check({ service_status: 'general_availability' }).warnings).toEqual([]);
});

test('a required field that is missing is a problem of a create only', () => {
  const config = { properties: { host: {} }, required: ['host'] };
  expect(check({ config }).problems).toEqual([expect.stringContaining('config.host: missing')]);
  expect(check({ config }, {}, true).problems).toEqual([]);
});

const oauth = (fields: string[], features = ['OTHER']) => ({
  auth: { properties: Object.fromEntries(fields.map((field) => [field, {}])) },
  supported_features: features.map((id) => ({ id })),
});

test.each([[['client_access', 'other']], [['refresh_token']], [['access_token']]])(
  'a service with %j in auth needs a connect card',
  (fields) => {
    expect(check(oauth(fields)).warnings).toEqual([
      'Service crm cannot be authorized through the API. Finish the setup with a connect card (input connect_card_config) or in the dashboard.',
    ]);
  },
);

test.each<[string, object, object, boolean]>([
  ['another kind of auth', oauth(['api_key']), {}, false],
  ['unknown features', oauth(['access_token'], []), {}, false],
  ['authorization', oauth(['access_token'], ['OTHER', 'AUTHORIZATION_VIA_API']), {}, false],
  ['a connect card', oauth(['access_token']), { connect_card_config: {} }, false],
  ['a connection that exists', oauth(['access_token']), {}, true],
])('with %s it needs none', (_what, metadata, request, exists) => {
  expect(check(metadata, request, exists).warnings).toEqual([]);
});

describe('a read that is not needed', () => {
  const refused = (status: number, code = '') =>
    new RefusedError({ purpose: 'read it', status, code, reason: '', conflictHint: '' });

  async function read(answer: Error | string, what = groupRead) {
    const found = findings();
    const ctx = {} as Context;
    const response = answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    const value = await readable(response, what, { spec: specWith(), found, ctx });
    return { value, problems: found.problems, warnings: found.warnings };
  }

  test.each([
    [
      groupRead,
      'So whether the group exists was not checked. A system key needs the permission DESTINATION READ for it.',
    ],
    [
      metadataRead,
      'So the fields of config and auth were not checked. A system key needs the permission ACCOUNT READ for it.',
    ],
  ])('is a warning that names the permission when it is forbidden', async (what, words) => {
    expect(await read(refused(403), what)).toEqual({
      value: 'unchecked',
      problems: [],
      warnings: [`Could not read it: Fivetran answered 403. ${words}`],
    });
  });

  test('is a problem that explains what does not exist', async () => {
    const { value, problems, warnings } = await read(refused(404, 'NotFound_Group'));
    expect([value, warnings]).toEqual(['unknown', []]);
    expect(problems).toEqual([
      expect.stringMatching(/^Could not read it: .*404 NotFound_Group\. group_id is g, and/),
    ]);
  });

  test('gives what was read, and throws every other error', async () => {
    expect((await read('read')).value).toBe('read');
    const unanswered = new FivetranError({ message: 'x', shortReason: 'x' });
    for (const error of [refused(400), unanswered]) await expect(read(error)).rejects.toBe(error);
  });
});
