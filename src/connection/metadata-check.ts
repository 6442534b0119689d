import type { ConnectorType, Property } from '../fivetran/answers.ts';
import { namingFields } from '../fivetran/connection-name.ts';
import { namesSecret } from '../secrets/secret-names.ts';
import { listed } from '../text/format.ts';
import { nearest } from '../text/nearest.ts';
import { isAvailable } from './dry-run.ts';

/** What a check of `config` and `auth` found: what Fivetran would refuse, and what to know of. */
export type Findings = { problems: string[]; warnings: string[] };

type Check = Findings & { complete: boolean };

type Given = {
  config?: Record<string, unknown> | undefined;
  auth?: Record<string, unknown> | undefined;
};

/**
 * Checks `config` and `auth` against the connector's metadata: unknown names, types, listed values,
 * read-only and missing required fields, and fields that are not generally available. Never shows
 * a value of a field that may be a secret.
 *
 * @param complete whether the fields are all that there will be, as in a create
 */
export function checkFields(
  given: Given,
  connector: ConnectorType,
  { complete }: { complete: boolean },
): Findings {
  const findings: Check = { problems: [], warnings: [], complete };
  for (const part of ['config', 'auth'] as const) {
    checkObject(given[part] ?? {}, connector[part], part, findings);
  }
  return findings;
}

function checkObject(value: object, property: Property, path: string, check: Check): void {
  const { problems, complete } = check;
  const known = Object.keys(property.properties);
  for (const [name, inner] of Object.entries(value)) {
    const field = `${path}.${name}`;
    const child = Object.hasOwn(property.properties, name) ? property.properties[name] : undefined;
    if (child) checkValue(inner, child, field, check);
    else if (!isNaming(field) && known.length > 0)
      problems.push(`${field} is unknown${hint(name, known)}.`);
  }
  for (const name of complete ? property.required : []) {
    if (!Object.hasOwn(value, name)) problems.push(`${path}.${name} is required, and missing.`);
  }
}

function checkValue(value: unknown, property: Property, field: string, check: Check): void {
  const { problems, warnings } = check;
  if (property.readonly) problems.push(`${field} is read-only: Fivetran sets it itself.`);
  const stage = property.fieldStatus ?? '';
  if (stage && !isAvailable(stage)) {
    warnings.push(
      `${field} is not generally available (${stage.toLowerCase().replaceAll('_', ' ')}).`,
    );
  }
  if (value === null && property.nullable) return;
  const type = jsonType(value);
  if (jsonTypes.includes(property.type ?? '') && !fits(type, property.type ?? '')) {
    problems.push(`${field} takes ${article(property.type ?? '')}, and got ${article(type)}.`);
    return;
  }
  if (property.enum.length > 0 && !property.enum.map(String).includes(String(value))) {
    const secret = property.format === 'password' || namesSecret(field);
    const got = secret ? 'something else' : JSON.stringify(value);
    const near = typeof value === 'string' ? hint(value, property.enum.map(String)) : '';
    problems.push(`${field} takes ${listed(property.enum)}, and got ${got}${near}.`);
  }
  if (type === 'object') checkObject(value as object, property, field, check);
  if (Array.isArray(value) && property.items) {
    for (const [index, item] of value.entries()) {
      checkValue(item, property.items, `${field}[${index}]`, check);
    }
  }
}

/** Naming fields are part of every create request, whether or not the metadata lists them. */
const isNaming = (field: string): boolean =>
  namingFields.some((name) => field === `config.${name}`);

function hint(name: string, known: string[]): string {
  const near = nearest(name, known);
  return near ? `; nearest is ${near}` : '';
}

const jsonTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'];

/** The JSON Schema type of a value. */
function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const fits = (given: string, wanted: string): boolean =>
  given === wanted || (given === 'integer' && wanted === 'number');

const article = (type: string): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`);
