import type { ConnectorType, Property } from '../fivetran/responses/connector-type.ts';
import { namesSecret } from '../secrets/secret-names.ts';
import { alternatives } from '../text/format.ts';
import { valueAt } from '../text/mapping.ts';
import { nearest } from '../text/nearest.ts';

/** What a check of `config` and `auth` found: what Fivetran would refuse, and what it may ignore. */
export type Findings = { problems: string[]; warnings: string[] };

type Check = Findings & { isComplete: boolean };

type Given = {
  config?: Record<string, unknown> | undefined;
  auth?: Record<string, unknown> | undefined;
};

/**
 * Checks `config` and `auth` against the connector's metadata. Unknown names, wrong types and missing
 * required fields are problems. The metadata lags behind the API, so a value that an enum
 * does not list, a read-only field and a field that is not generally available are warnings. A value
 * that may be a secret is never shown.
 *
 * @param isComplete whether the fields are the whole request, as in a create
 */
export function checkFields(
  given: Given,
  connector: ConnectorType,
  { isComplete }: { isComplete: boolean },
): Findings {
  const check: Check = { problems: [], warnings: [], isComplete };
  for (const part of ['config', 'auth'] as const) {
    checkObject(given[part] ?? {}, connector[part], part, check);
  }
  return { problems: check.problems, warnings: check.warnings };
}

/** Whether a service or field is generally available, by the stage that Fivetran reports. */
export const isAvailable = (stage: string): boolean =>
  /^(general(ly)?[_ ]?availab(le|ility)|ga)$/i.test(stage);

function checkObject(value: object, property: Property, path: string, check: Check): void {
  const { problems, isComplete } = check;
  const known = Object.keys(property.properties);
  for (const [name, inner] of Object.entries(value)) {
    const field = `${path}.${name}`;
    const child = valueAt(property.properties, name);
    if (child) checkValue(inner, child, field, check);
    else if (!namingFields.includes(field) && known.length > 0) {
      problems.push(`${field}: unknown field.${suggestion(name, known)}`);
    }
  }
  for (const name of isComplete ? property.required : []) {
    const field = `${path}.${name}`;
    if (!Object.hasOwn(value, name) && !neverMissing.includes(field)) {
      problems.push(`${field}: missing, but required according to Fivetran's metadata.`);
    }
  }
}

/** Part of every create request, whether or not the metadata lists them. */
const namingFields = ['schema', 'table', 'table_group_name', 'schema_prefix'].map(
  (name) => `config.${name}`,
);
/** Required by the metadata of services that work without them. */
const neverMissing = ['config.table', 'config.table_group_name'];

function checkValue(value: unknown, property: Property, field: string, check: Check): void {
  const { warnings } = check;
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
    checkEnum(value, property, field, check);
    return;
  }
  if (!checkType(value, property, field, check)) return;
  if (jsonType(value) === 'object') checkObject(value as object, property, field, check);
  if (Array.isArray(value) && property.items) {
    for (const [index, item] of value.entries()) {
      checkValue(item, property.items, `${field}[${index}]`, check);
    }
  }
}

function checkType(
  value: unknown,
  property: Property,
  field: string,
  { problems }: Check,
): boolean {
  const [type, wanted = ''] = [jsonType(value), property.type];
  const fits = type === wanted || (type === 'integer' && wanted === 'number');
  if (!jsonTypes.includes(wanted) || fits) return true;
  const quote = wanted === 'string' && /^(integer|number|boolean)$/.test(type);
  problems.push(
    `${field}: must be ${withArticle(wanted)}, got ${withArticle(type)}.${quote ? ' Put it in quotes.' : ''}`,
  );
  return false;
}

function checkEnum(value: unknown, property: Property, field: string, { warnings }: Check): void {
  const known = property.enum.map(String);
  if (known.includes(String(value)) || typeof value === 'object') return;
  const isSecret = property.format === 'password' || namesSecret(field);
  const got = isSecret ? 'another value' : JSON.stringify(value);
  const hint = isSecret ? '' : suggestion(String(value), known);
  warnings.push(`${field}: Fivetran's metadata lists ${alternatives(known)}, got ${got}.${hint}`);
}

function suggestion(name: string, known: string[]): string {
  const near = nearest(name, known);
  return near ? ` Did you mean ${near}?` : '';
}

const jsonTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/** The JSON Schema type of a value. */
function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const withArticle = (type: string): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`);
