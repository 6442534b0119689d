import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../../harness/cleanup.ts';
import { credentials, readInputs } from '../reading.ts';

const plain = { ...credentials, group_id: 'g', export_to: 'out.yml' };

test('an export takes the inputs that say nothing about connections', async () => {
  const folder = temporaryFolder();
  const inputs = {
    ...{ export_to: 'out.yaml', connection_id: 'crm_id', max_parallel: '2', summary: 'false' },
    ...{ comment: 'true', github_token: 'token', comment_key: 'key' },
    ...{ request_timeout_seconds: '20', rate_limit_wait_minutes: '1' },
    api_url: 'https://example.com',
  };
  const { settings, error } = await readInputs(
    { ...plain, ...inputs },
    { GITHUB_WORKSPACE: folder },
  );
  expect(error).toBe('');
  expect(settings?.target).toEqual({
    kind: 'export',
    path: join(folder, 'out.yaml'),
    written: 'out.yaml',
    group_id: 'g',
    connection_id: 'crm_id',
    max_parallel: 2,
  });
});

test('a file goes to the current folder where there is no workspace', async () => {
  const { settings } = await readInputs({ ...plain, export_to: 'no-such-file.yml' });
  expect(settings?.target).toMatchObject({ path: resolve('no-such-file.yml') });
});

test.each([
  [
    { export_to: 'out.yml.txt' },
    'export_to: "out.yml.txt" must end in .yml or .yaml, because the manifest is written as YAML.',
  ],
  [
    { export_to: 'outyml' },
    'export_to: "outyml" must end in .yml or .yaml, because the manifest is written as YAML.',
  ],
  [
    { export_to: 'file/out.yml' },
    'export_to: "file/out.yml" is in a folder that does not exist. Create the folder first.',
  ],
  [
    { export_to: 'taken.yml' },
    'export_to: "taken.yml" already exists, and an export never replaces a file. Choose another name, or remove the file first.',
  ],
  [
    { export_to: 'a\0.yml' },
    'export_to: "a\0.yml" cannot be used as a file (ERR_INVALID_ARG_VALUE).',
  ],
  [
    { if_exists: 'reuse' },
    'if_exists: must not be set together with export_to, which writes connections as they are. Remove it.',
  ],
])('an export with %j is refused', async (inputs, problem) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'taken.yml'));
  const { problems } = await readInputs({ ...plain, ...inputs }, { GITHUB_WORKSPACE: folder });
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem]);
});
