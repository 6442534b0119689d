import * as z from 'zod/mini';
import { namingFields } from '../connection/name.ts';
import {
  convergenceFields,
  listFields,
  mappingFields,
  requestFields,
  stepFields,
} from './fields.ts';
import { type Mapping, parseMapping } from './mapping.ts';
import { InputError, type Problem, problemOf } from './problem.ts';
import { ruleProblems } from './rules.ts';
import { secretStrings } from './secrets.ts';
import { substitute } from './substitute.ts';

const inputFields = { ...requestFields, ...convergenceFields, ...stepFields };
const schema = z.object({ api_key: z.string(), api_secret: z.string(), ...inputFields });

/** Everything that the user may set, validated; the fields of the API named and typed as it has them. */
export type Settings = z.infer<typeof schema>;

/** Where the inputs come from, and where the secrets among them go. */
export type Source = {
  /** The text of an input, trimmed; empty when it is not set. */
  input(name: string): string;
  env: NodeJS.ProcessEnv;
  /** Told of each secret before anything that could print it. */
  hide(secret: string): void;
};

/**
 * Reads and validates all inputs, once for the whole run.
 *
 * @throws InputError with all the problems at once
 */
export async function readSettings(source: Source): Promise<Settings> {
  const given: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, variable] of Object.entries(credentials)) {
    const value = source.input(name) || source.env[variable];
    if (value) {
      source.hide(value);
      given[name] = value;
    } else {
      problems.push({ field: name, text: missingCredential(variable) });
    }
  }
  for (const [name, field] of Object.entries(inputFields)) {
    const text = source.input(name);
    if (text === '') continue;
    if (mappingFields.includes(name)) {
      const parsed = await readMapping(name, text, source);
      problems.push(...parsed.problems);
      if (parsed.value) given[name] = parsed.value;
    } else {
      given[name] = listFields.includes(name) ? linesOf(text) : typed(field, text);
    }
  }
  const parsed = schema.safeParse(given);
  const issues = parsed.error?.issues.filter(({ path }) => !(String(path[0]) in credentials)) ?? [];
  problems.push(...issues.map((issue) => problemOf(issue, given)), ...ruleProblems(given));
  if (!parsed.success || problems.length > 0) throw new InputError(problems);
  return parsed.data;
}

/** The environment variables that stand in for the key pair: those the Terraform provider reads. */
const credentials: Record<string, string> = {
  api_key: 'FIVETRAN_APIKEY',
  api_secret: 'FIVETRAN_APISECRET',
};

const missingCredential = (variable: string): string =>
  `missing; give it as a secret, or set ${variable} in the step's env. GitHub passes no secrets to ` +
  'workflows that run for a fork or for Dependabot, and a misspelt secret is empty.';

/** An input's text as the type that its field takes: itself, a boolean or a number. */
function typed(field: z.ZodMiniType, text: string): unknown {
  const readings = [text, booleans[text], /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined];
  return readings.find((value) => value !== undefined && field.safeParse(value).success) ?? text;
}

const linesOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => line.trim() || []);

/** What YAML 1.2 takes for a boolean, as `core.getBooleanInput` does. */
const booleans: Record<string, boolean> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

async function readMapping(name: string, text: string, source: Source): Promise<Mapping> {
  const parsed = await parseMapping(name, text);
  const { value, used, problems } = substitute(parsed.value, source.env, name);
  const naming = namingFields.map((field) => `config.${field}`);
  for (const one of used) if (!naming.includes(one.path)) source.hide(one.value);
  for (const secret of secretStrings(value)) source.hide(secret);
  return { value, problems: [...parsed.problems, ...problems] };
}
