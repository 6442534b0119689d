import { isNamingField } from '../../fivetran/connection-name.ts';
import type { ConnectorType, Property } from '../../fivetran/responses/connector-type.ts';
import { formatPath, type Path } from '../../inputs/problem.ts';
import { secretValues } from '../../secrets/secret-values.ts';
import { asMapping, isMapping, type Mapping, valueAt } from '../../text/mapping.ts';
import { isEmpty, isMask } from '../plan/matches.ts';
import { type Naming, namingOf } from './naming.ts';
import type { Source } from './source.ts';

/** Stands for a secret, which Fivetran does not show or which is not to be shown. */
const secret = Symbol('secret');

/** The `config` of a connection as a request can have it. */
export type SourceConfig = {
  /** The fields that do not name the connection; `secret` where it has a secret. */
  fields: Mapping;
  naming: Naming;
  /** The fields that are left out because the metadata does not know them. */
  unknown: string[];
};

/** What a value is converted by. */
type Conversion = { isSecret: (path: Path) => boolean; unknown: string[] };

/**
 * Turns the `config` of a response into that of a request: without read-only fields, fields that the
 * metadata does not know, and empty values, and with its naming fields. Numbers and booleans that
 * came as text get the type that the metadata declares. Without metadata, all is kept but secrets.
 */
export function configOf({ connection, metadata }: Source): SourceConfig {
  const config = asMapping(connection.raw.config);
  const declared = metadata.kind === 'read' ? declaredConfig(metadata.value) : undefined;
  const naming = namingOf(config, connection.schema, declared);
  const secrets = new Set(secretValues(config).map(({ path }) => keyOf(path)));
  const conversion = { isSecret: (path: Path) => secrets.has(keyOf(path)), unknown: [] };
  const own = Object.entries(config).filter(([name]) => isOrdinary(name, naming));
  const place = { property: declared, path: [] };
  const fields = convertMapping(Object.fromEntries(own), place, conversion);
  return { fields, naming, unknown: conversion.unknown };
}

/**
 * Whether a field is no part of the name. Beside a prefix, the other naming fields are ordinary ones.
 * A service that ignores `table` or `table_group_name` may still return it: it would change the name.
 */
function isOrdinary(name: string, { fields }: Naming): boolean {
  if (!isNamingField(name)) return true;
  if (Object.hasOwn(fields, name)) return false;
  const beside = name === 'table_group_name' ? 'table' : 'schema_prefix';
  return Object.hasOwn(fields, 'schema_prefix') || Object.hasOwn(fields, beside);
}

/** What the metadata says about `config`; undefined when it lists no field. */
const declaredConfig = ({ config }: ConnectorType): Property | undefined =>
  Object.keys(config.properties).length > 0 ? config : undefined;

const keyOf = (path: Path): string => JSON.stringify(path);

/** A place in `config`, and what the metadata says about it. */
type Place = { property: Property | undefined; path: Path };

function convertMapping(
  value: Mapping,
  { property, path }: Place,
  conversion: Conversion,
): Mapping {
  const known = property?.properties ?? {};
  const isOpen = Object.keys(known).length === 0;
  const fields = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const child = valueAt(known, key);
    const at = [...path, key];
    if (isEmpty(inner) || child?.readonly) return [];
    // A manifest cannot have an empty key.
    if (key === '' || (!child && !isOpen)) {
      conversion.unknown.push(formatPath(['config', ...at]));
      return [];
    }
    const converted = convert(inner, { property: child, path: at }, conversion);
    return isEmpty(converted) ? [] : [[key, converted]];
  });
  return Object.fromEntries(fields);
}

function convert(value: unknown, { property, path }: Place, conversion: Conversion): unknown {
  if (isMapping(value)) return convertMapping(value, { property, path }, conversion);
  if (Array.isArray(value)) {
    // Lists are compared by their length, so none of their items is left out.
    return value.map((item, at) =>
      convert(item, { property: property?.items, path: [...path, at] }, conversion),
    );
  }
  const isPassword = property?.format === 'password' && typeof value !== 'boolean';
  if (isMask(value) || ((isPassword || conversion.isSecret(path)) && !isEmpty(value)))
    return secret;
  return asDeclared(value, property);
}

/** A value in the type that the metadata declares; the type of an enum is wrong in places. */
function asDeclared(value: unknown, property: Property | undefined): unknown {
  if (!property || property.enum.length > 0) return value;
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (property.type === 'string') return isScalar ? String(value) : value;
  if (typeof value !== 'string') return value;
  if (property.type === 'boolean') return booleans.get(value) ?? value;
  const isNumber = property.type === 'integer' || property.type === 'number';
  return isNumber && String(Number(value)) === value ? Number(value) : value;
}

const booleans = new Map([
  ['true', true],
  ['false', false],
]);
