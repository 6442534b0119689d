import { lstatSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inputFields, type ValuesOf } from '../fields/fields.ts';
import type { Layer } from '../layer.ts';
import type { Problem } from '../problem.ts';
import type { ExportTarget } from '../spec.ts';

/** The inputs that an export takes, and those that say nothing about connections. */
const taken: readonly string[] = [
  'export_to',
  'group_id',
  'connection_id',
  'max_parallel',
  'summary',
  'comment',
  'github_token',
  'comment_key',
  'request_timeout_seconds',
  'rate_limit_wait_minutes',
  'api_url',
];

/** Reads what an export needs, and checks where its file is to be. */
export function readExport(
  { fields, schemas, invalidFields }: Layer,
  env: NodeJS.ProcessEnv,
): { target: ExportTarget | undefined; problems: Problem[] } {
  const { export_to = '', group_id, connection_id } = fields;
  const others = Object.entries({ ...fields, ...(schemas && { schemas }) }).filter(
    ([name, value]) => !taken.includes(name) && !isDefault(name, value),
  );
  const path = resolve(env.GITHUB_WORKSPACE ?? '.', export_to);
  const place = invalidFields.has('export_to') ? undefined : placeProblem(export_to, path);
  const problems: Problem[] = others.map(([name]) => ({ path: [name], message: notBeside }));
  if (place) problems.push({ path: ['export_to'], message: `"${export_to}" ${place}` });
  if (group_id === undefined && !invalidFields.has('group_id')) {
    problems.push({ path: ['group_id'], message: 'required with export_to.' });
  }
  const max_parallel = inputFields.max_parallel.parse(fields.max_parallel);
  const target = group_id !== undefined && {
    ...{ kind: 'export' as const, path, written: export_to, group_id, max_parallel },
    connection_id,
  };
  return { target: target || undefined, problems };
}

const notBeside =
  'must not be set together with export_to, which writes connections as they are. Remove it.';

/** Whether an input has the value that it has when it is not set. */
function isDefault(name: string, value: unknown): boolean {
  const check = Object.hasOwn(inputFields, name)
    ? inputFields[name as keyof ValuesOf<typeof inputFields>]
    : undefined;
  const result = check?.safeParse(undefined);
  return result?.success === true && isDeepStrictEqual(result.data, value);
}

/** Why a file cannot be written there, as it follows the file's name in a sentence. */
function placeProblem(written: string, path: string): string | undefined {
  if (!/\.ya?ml$/.test(written)) {
    return 'must end in .yml or .yaml, because the manifest is written as YAML.';
  }
  try {
    const folder = statSync(dirname(path), { throwIfNoEntry: false });
    if (!folder?.isDirectory()) {
      return 'is in a folder that does not exist. Create the folder first.';
    }
    return lstatSync(path, { throwIfNoEntry: false })
      ? 'already exists, and an export never replaces a file. Choose another name, or remove the file first.'
      : undefined;
  } catch (error) {
    const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
    return `cannot be used as a file (${code}).`;
  }
}
