import { connectionName } from '../fivetran/connection-name.ts';
import { isMapping, type Mapping } from '../text/mapping.ts';
import { kindOf } from './fields/display.ts';
import { entryFields, inputFields } from './fields/fields.ts';
import { emptyLayer, type Layer, type LayerSource, readLayer } from './layer.ts';
import type { Masks } from './masks.ts';
import { addPublicIdentity } from './masks.ts';
import { substitute } from './parse/substitute.ts';
import { formatPath, invalid, type Path, type Problem } from './problem.ts';
import { ruleProblems } from './rules.ts';
import type { ConnectionSpec } from './spec.ts';
import { specFrom } from './spec-from-fields.ts';

/** Reads the fields of an entry or of the defaults. */
export function readEntry(
  value: unknown,
  path: Path,
  source: LayerSource,
): { layer: Layer; problems: Problem[] } {
  if (!isMapping(value)) {
    return {
      layer: emptyLayer,
      problems: [invalid(path, 'must be a mapping of fields', kindOf(value))],
    };
  }
  const given = substitute(value, source.env, path, source.budget);
  const read = readLayer(entryFields, { ...given, value: given.value as Mapping }, path, source);
  const problems = read.problems.map((problem) => {
    const [field, ...inner] = problem.path.slice(path.length).map(String);
    const isInput = inner.length === 0 && field !== undefined && stepInputs.includes(field);
    return isInput
      ? {
          ...problem,
          message: 'an input of the step, not a field of a connection. Set it in the workflow.',
        }
      : problem;
  });
  return { layer: read.layer, problems };
}

const stepInputs = ['api_key', 'api_secret', ...Object.keys(inputFields)].filter(
  (name) => !Object.hasOwn(entryFields, name),
);

/** The path of the first entry with each connection name, by group and name. */
export type Names = Map<string, Path>;

/** Creates the spec of an entry that has been merged with the defaults and the inputs. */
export function specOfEntry(
  layer: Layer,
  path: Path,
  names: Names,
  masks: Masks,
): { spec: ConnectionSpec | undefined; problems: Problem[] } {
  addPublicIdentity(layer.fields, masks);
  const problems = ruleProblems(layer).map(
    (problem): Problem => ({ ...problem, path: [...path, ...problem.path] }),
  );
  const name = connectionName(layer.fields.config)?.normalizedName;
  if (name && !layer.invalidFields.has('config')) {
    const place = JSON.stringify([layer.fields.group_id, name]);
    const first = names.get(place);
    if (first) {
      // The name can contain values that came through ${NAME}, so the message leaves it out.
      const message = `results in the same group and connection name as ${formatPath(first)}. Names must be unique within a group.`;
      problems.push({ path, message });
    } else names.set(place, path);
  }
  return { spec: specFrom(layer), problems };
}
