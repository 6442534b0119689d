import { isMapping } from '../text/mapping.ts';
import { inputFields, mappingFields } from './fields/fields.ts';
import { type Layer, type LayerSource, readLayer } from './layer.ts';
import { parseText } from './parse/parse.ts';
import { inputLimit } from './parse/parsed.ts';
import { noneReplaced, substitute } from './parse/substitute.ts';
import type { Problem } from './problem.ts';
import { kindOf } from './problem.ts';

/** Where inputs come from, and where their secrets are reported. */
export type StepSource = {
  /** The text of an input; empty when it is not set. */
  input(name: string): string;
  env: NodeJS.ProcessEnv;
  /** Called with each secret before anything that could contain it is printed. */
  mask(secret: string): void;
};

/** Reads all inputs except the credentials. `${NAME}` is replaced only in mappings. */
export async function readInputs(
  { input }: Pick<StepSource, 'input'>,
  source: LayerSource,
): Promise<{ layer: Layer; problems: Problem[] }> {
  const values = new Map<string, unknown>();
  const given = noneReplaced();
  const unreadable = new Set<string>();

  for (const name of Object.keys(inputFields)) {
    const text = input(name);
    if (text.trim() === '') continue;
    if (!mappingFields.includes(name)) {
      values.set(name, text.trim());
      continue;
    }
    const { value, faults } = await parseText(text, inputLimit);
    const problems = faults.map(
      ({ path, message }): Problem => ({ path: [name, ...path], message }),
    );
    if (isMapping(value)) {
      const filled = substitute(value, [name], {
        env: source.env,
        budget: { left: inputLimit.bytes },
      });
      values.set(name, filled.value);
      given.references.push(...filled.references);
      given.unresolved.push(...filled.unresolved);
      problems.push(...filled.problems);
    } else if (value !== undefined && value !== null) {
      problems.push({
        path: [name],
        message: `must be a YAML or JSON mapping, got ${kindOf(value)}.`,
      });
    }
    if (problems.length > 0) unreadable.add(name);
    given.problems.push(...problems);
  }

  const value = Object.fromEntries(values);
  const read = readLayer({ ...given, value, path: [], checks: inputFields }, source);
  const { github_token } = read.layer.fields;
  if (github_token !== undefined) source.masks.secret(github_token);
  return {
    layer: { ...read.layer, invalidFields: new Set([...read.layer.invalidFields, ...unreadable]) },
    problems: read.problems,
  };
}

/** Checks the rules between the inputs of the whole step. */
export function stepProblems({ fields }: Layer): Problem[] {
  const problems: Problem[] = [];
  const many = fields.manifest !== undefined;
  if (many && fields.connection_id !== undefined) {
    problems.push({ path: ['connection_id'], message: 'must not be set together with manifest.' });
  }
  if (!many && fields.shard !== undefined) {
    problems.push({ path: ['shard'], message: 'can only be set with manifest.' });
  }
  if (fields.comment === true && fields.github_token === undefined) {
    problems.push({ path: ['github_token'], message: 'required with comment: true.' });
  }
  return problems;
}
