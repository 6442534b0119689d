import { namingFieldsOf } from '../../fivetran/connection-name.ts';
import type { ConnectorType, Property } from '../../fivetran/responses/connector-type.ts';
import { scalarOf } from '../../inputs/fields/check-field.ts';
import { display, formatPath, kindOf, overlaps, type Path } from '../../inputs/problem.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { namesSecret } from '../../secrets/secret-names.ts';
import { alternatives } from '../../text/format.ts';
import { isMapping, valueAt } from '../../text/mapping.ts';
import { nearest } from '../../text/nearest.ts';
import { referenceOf } from '../refusals.ts';

/** What a check of `config` and `auth` found: what Fivetran would refuse, and what it may ignore. */
export type Checked = { problems: string[]; warnings: string[] };

/** A check in progress, and what every part of it needs to know. */
type Check = Checked & {
  spec: Pick<PresentSpec, 'request' | 'service' | 'variables'>;
  /** Whether the fields are the whole request, as in a create. */
  isComplete: boolean;
};

/** A value, its path within the request, and what the metadata says about it. */
type CheckedValue = { value: unknown; property: Property; path: Path };

/**
 * Checks `config` and `auth` against the connector's metadata. Unknown names, wrong types and missing
 * required fields are problems. The metadata lags behind the API, so a value that an enum
 * does not list, a read-only field and a field that is not generally available are warnings. A value
 * that may be a secret, or came through `${NAME}`, is never shown.
 */
export function checkFields(
  spec: Check['spec'],
  connector: ConnectorType,
  { isComplete }: Pick<Check, 'isComplete'>,
): Checked {
  const check: Check = { problems: [], warnings: [], spec, isComplete };
  for (const part of ['config', 'auth'] as const) {
    const value = spec.request[part] ?? {};
    checkMapping({ value, property: connector[part], path: [part] }, check);
  }
  const { problems, warnings } = check;
  return { problems, warnings };
}

/** Whether a service or field is generally available, by the stage that Fivetran reports. */
export const isAvailable = (stage: string): boolean =>
  /^(general(ly)?[_ ]?availab(le|ility)|ga)$/i.test(stage);

function checkMapping({ value, property, path }: CheckedValue, check: Check): void {
  const { problems, isComplete, spec } = check;
  const given = isMapping(value) ? value : {};
  const known = Object.keys(property.properties);
  // Part of every create request, whether or not the metadata lists them.
  const naming = formatPath(path) === 'config' ? namingFieldsOf(spec.request.config) : [];
  for (const [name, inner] of Object.entries(given)) {
    const child = valueAt(property.properties, name);
    const at = [...path, name];
    if (child) checkValue({ value: inner, property: child, path: at }, check);
    else if (!naming.includes(name) && known.length > 0) {
      const reference = referenceOf(spec.service);
      problems.push(
        `${formatPath(at)}: unknown field.${suggestion(name, known)} The fields of ${spec.service}: ${reference}`,
      );
    }
  }
  for (const name of isComplete ? property.required : []) {
    const field = formatPath([...path, name]);
    if (!Object.hasOwn(given, name) && !neverMissing.includes(field)) {
      problems.push(`${field}: missing, but required according to Fivetran's metadata.`);
    }
  }
}

/** Required by the metadata of services that work without them. */
const neverMissing = ['config.table', 'config.table_group_name'];

function checkValue({ value, property, path }: CheckedValue, check: Check): void {
  const { warnings } = check;
  const field = formatPath(path);
  if (property.readonly) warnings.push(`${field}: read-only according to Fivetran's metadata.`);
  const stage = property.fieldStatus;
  if (stage && !isAvailable(stage)) {
    warnings.push(
      `${field}: not generally available (${stage.toLowerCase().replaceAll('_', ' ')}).`,
    );
  }
  if (value === null && property.nullable) return;
  // The declared type of an enum is wrong in places; its values decide.
  if (property.enum.length > 0) {
    checkEnum({ value, property, path }, check);
    return;
  }
  if (!checkType({ value, property, path }, check)) return;
  if (isMapping(value)) checkMapping({ value, property, path }, check);
  if (Array.isArray(value) && property.items) {
    for (const [index, item] of value.entries()) {
      checkValue({ value: item, property: property.items, path: [...path, index] }, check);
    }
  }
}

/** What each type of the metadata asks for. */
const rules = new Map([
  ['string', 'must be a string'],
  ['integer', 'must be an integer'],
  ['number', 'must be a number'],
  ['boolean', 'must be true or false'],
  ['array', 'must be a list'],
  ['object', 'must be a mapping'],
]);

function checkType(place: CheckedValue, check: Check): boolean {
  const { value, property, path } = place;
  const { type: wanted = '' } = property;
  const rule = rules.get(wanted);
  if (rule === undefined || fits(value, wanted)) return true;
  const scalar = typeof value === 'string' ? scalarOf(value) : undefined;
  const isHidden = mayBeSecret(place, check);
  // A number in quotes is shown as it was written.
  const shown = scalar === undefined ? display(value) : JSON.stringify(value);
  const remedy =
    wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean')
      ? ' Put it in quotes.'
      : scalar !== undefined && fits(scalar, wanted) && !cameThrough(path, check)
        ? ' Remove the quotes.'
        : typeof value === 'string' && isScalarType(wanted) && cameThrough(path, check)
          ? ' It came through ${NAME}: check the value of that variable.'
          : '';
  check.problems.push(
    `${formatPath(path)}: ${rule}, got ${isHidden ? kindOf(value) : shown}.${remedy}`,
  );
  return false;
}

const isScalarType = (type: string): boolean => ['integer', 'number', 'boolean'].includes(type);

function fits(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMapping(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** How many values of an enum are listed. */
const maxListedValues = 10;

function checkEnum(place: CheckedValue, check: Check): void {
  const { value, property, path } = place;
  const known = property.enum.map(String);
  if (known.includes(String(value)) || typeof value === 'object') return;
  const isHidden = mayBeSecret(place, check);
  const got = isHidden ? 'another value' : display(value);
  const hint = isHidden ? '' : suggestion(String(value), known);
  const listed =
    known.length > maxListedValues
      ? `${known.slice(0, maxListedValues).join(', ')}, and ${known.length - maxListedValues} more`
      : alternatives(known);
  check.warnings.push(
    `${formatPath(path)}: got ${got}, which Fivetran's metadata does not list.${hint} It lists ${listed}.`,
  );
}

const mayBeSecret = ({ property, path }: CheckedValue, check: Check): boolean =>
  property.format === 'password' ||
  path.some((step) => typeof step === 'string' && namesSecret(step)) ||
  cameThrough(path, check);

/** Whether a value, or a part of it, came through `${NAME}`. */
const cameThrough = (path: Path, { spec }: Check): boolean =>
  spec.variables.some((variable) => overlaps(variable.path, path));

function suggestion(name: string, known: string[]): string {
  const near = nearest(name, known);
  return near ? ` Did you mean ${near}?` : '';
}
