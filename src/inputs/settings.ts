import * as z from 'zod/mini';
import {
  convergenceFields,
  listFields,
  manifestFields,
  mappingFields,
  requestFields,
  stepFields,
} from './fields.ts';
import { InputError, invalidValue, type Problem, problemOf } from './input-error.ts';
import { type Entry, readManifest } from './manifest-file.ts';
import { parseMapping } from './mapping.ts';
import { ruleProblems } from './rules.ts';
import { linesOf, type Source, substituteAndMask, typed } from './source.ts';

const inputFields = { ...requestFields, ...convergenceFields, ...stepFields, ...manifestFields };
const schema = z.object({ api_key: z.string(), api_secret: z.string(), ...inputFields });

/** Everything that the user may set, validated; the fields of the API named and typed as it has them. */
export type Settings = z.infer<typeof schema> & {
  /** The manifest's connections, or this shard's part of them. */
  entries?: Entry[];
};

/**
 * Reads and validates all inputs, and the manifest that they name, once for the whole run.
 *
 * @throws InputError with all the problems at once
 */
export async function readSettings(source: Source): Promise<Settings> {
  const given: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, variable] of Object.entries(credentials)) {
    const value = source.input(name) || source.env[variable];
    if (value) {
      source.mask(value);
      given[name] = value;
    } else {
      problems.push({ field: name, text: missingCredential(variable) });
    }
  }
  for (const [name, field] of Object.entries(inputFields)) {
    const text = source.input(name);
    if (text === '') continue;
    if (mappingFields.includes(name)) {
      const parsed = await parseMapping(name, text);
      const filled = substituteAndMask(name, parsed.value, source);
      problems.push(...parsed.problems, ...filled.problems);
      if (filled.value) given[name] = filled.value;
    } else {
      given[name] = listFields.includes(name) ? linesOf(text) : typed(field, text);
    }
  }
  const parsed = schema.safeParse(given);
  const issues = parsed.error?.issues.filter(({ path }) => !(String(path[0]) in credentials)) ?? [];
  problems.push(...issues.map((issue) => problemOf(issue, given)));
  if (typeof given.manifest !== 'string') {
    problems.push(...ruleProblems(given), ...onlyWithManifest(given));
    if (!parsed.success || problems.length > 0) throw new InputError(problems);
    return parsed.data;
  }
  if (given.connection_id !== undefined) {
    problems.push(invalidValue('connection_id', given.connection_id, 'only without a manifest'));
  }
  const manifest = await readManifest(given.manifest, { ...given, ...parsed.data }, source);
  problems.push(...manifest.problems);
  if (!parsed.success || problems.length > 0) throw new InputError(problems);
  return { ...parsed.data, entries: shardOf(manifest.entries, parsed.data.shard) };
}

const onlyWithManifest = ({ shard }: Record<string, unknown>): Problem[] =>
  shard === undefined ? [] : [invalidValue('shard', shard, 'only with a manifest')];

/** The entries that one shard works on; each is in exactly one. */
function shardOf(entries: Entry[], shard: string | undefined): Entry[] {
  const [index, total] = (shard ?? '0/1').split('/').map(Number);
  return entries.filter((_, position) => position % Number(total) === index);
}

/** The environment variables that stand in for the key pair: those the Terraform provider reads. */
const credentials: Record<string, string> = {
  api_key: 'FIVETRAN_APIKEY',
  api_secret: 'FIVETRAN_APISECRET',
};

const missingCredential = (variable: string): string =>
  `missing; give it as a secret, or set ${variable} in the step's env. GitHub passes no secrets to ` +
  'workflows that run for a fork or for Dependabot, and a misspelt secret is empty.';
