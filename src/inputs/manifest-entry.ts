import { connectionName, normalizedName } from '../fivetran/connection-name.ts';
import { isMapping, type Mapping } from '../text/mapping.ts';
import { entryFields, inputFields } from './fields/fields.ts';
import { type Finding, formatPath, invalid, kindOf, type Path } from './fields/finding.ts';
import { emptyLayer, type Layer, type LayerSource, readLayer } from './layer.ts';
import type { Masks } from './masks.ts';
import { publishIdentity } from './masks.ts';
import { substitute } from './parse/substitute.ts';
import { ruleFindings } from './rules.ts';
import type { ConnectionSpec } from './spec.ts';
import { specFrom } from './spec-from-fields.ts';

/** Reads the fields of an entry or of the defaults. */
export function readEntry(
  value: unknown,
  path: Path,
  source: LayerSource,
): { layer: Layer; findings: Finding[] } {
  if (!isMapping(value)) {
    return {
      layer: emptyLayer,
      findings: [invalid(path, 'must be a mapping of fields', kindOf(value))],
    };
  }
  const given = substitute(value, source.env, path, source.budget);
  const read = readLayer(entryFields, { ...given, value: given.value as Mapping }, path, source);
  const findings = read.findings.map((finding) => {
    const [field, ...inner] = finding.path.slice(path.length).map(String);
    const isInput = inner.length === 0 && field !== undefined && stepInputs.includes(field);
    return isInput
      ? {
          ...finding,
          message: 'an input of the step, not a field of a connection. Set it in the workflow.',
        }
      : finding;
  });
  return { layer: read.layer, findings };
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
): { spec: ConnectionSpec | undefined; findings: Finding[] } {
  publishIdentity(layer.fields, masks);
  const findings = ruleFindings(layer).map(
    (finding): Finding => ({ ...finding, path: [...path, ...finding.path] }),
  );
  const name = connectionName(layer.fields.config);
  if (name && !layer.broken.has('config')) {
    const place = JSON.stringify([layer.fields.group_id, normalizedName(name)]);
    const first = names.get(place);
    if (first) {
      // The name can contain values that came through ${NAME}, so the message leaves it out.
      const message = `results in the same group and connection name as ${formatPath(first)}. Names must be unique within a group.`;
      findings.push({ path, message });
    } else names.set(place, path);
  }
  return { spec: specFrom(layer), findings };
}
