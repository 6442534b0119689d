import type { FivetranClient } from '../../fivetran/client.ts';
import { connectionName, sameName } from '../../fivetran/connection-name.ts';
import type { Copy, Draft } from '../../inputs/draft.ts';
import { emptyLayer, type Layer } from '../../inputs/layer.ts';
import type { Path, Problem } from '../../inputs/problem.ts';
import { pluralize } from '../../text/format.ts';
import { isMapping, type Mapping, omit } from '../../text/mapping.ts';
import { takesAuth } from './auth.ts';
import { configOf } from './config.ts';
import { copySelection } from './copy-selection.ts';
import { withoutMetadata } from './entry.ts';
import { type Naming, secondFields } from './naming.ts';
import { placeFields, settingsOf } from './settings.ts';
import type { Source } from './source.ts';

/**
 * Makes the lowest layer of a draft from its source: its service, its settings but those of the
 * schedule, and its selection. Secrets and naming fields are not copied: what the source has of them
 * must be written.
 *
 * @throws FivetranError when the run ends
 */
export async function copySource(
  source: Source,
  { layer }: Pick<Draft, 'layer'>,
  fivetran: FivetranClient,
): Promise<Copy> {
  const { id, service, group_id = layer.fields.group_id, raw } = source.connection;
  const config = configOf(source);
  const secrets = [...secretsIn(config.fields)];
  const shown = omit(
    config.fields,
    secrets.map(([field]) => String(field)),
  );
  const isSameGroup = (layer.fields.group_id ?? group_id) === group_id;
  const settings = settingsOf(
    raw,
    placeFields.filter((field) => isSameGroup || field !== 'destination_configuration'),
  );
  const selection = await copySelection(source, layer, fivetran);
  const fields: Layer['fields'] = {
    ...settings.fields,
    ...(service !== undefined && { service }),
    ...(group_id !== undefined && { group_id }),
    ...(Object.keys(shown).length > 0 && { config: shown }),
    ...(selection.policy && { schema_change_handling: selection.policy }),
  };
  const parts = [
    `${pluralize(Object.keys(shown).length, 'field')} of config`,
    ...Object.keys(settings.fields),
    ...(selection.summary ? [selection.summary] : []),
  ];
  const leftOut = [...config.unknown, ...settings.leftOut];
  const omitted = leftOut.length > 0 ? ` Left out: ${leftOut.join(', ')}.` : '';
  return {
    layer: { ...emptyLayer, fields, schemas: selection.schemas },
    copied: {
      sentence: `Copied from connection ${id}: ${parts.join(', ')}.${omitted}`,
      warnings: warningsAbout(source, layer, config.naming),
    },
    problems: [
      ...serviceProblems(source, layer),
      ...nameProblems(source, layer, config.naming),
      ...secretProblems(secrets, layer),
      ...selection.problems,
    ],
  };
}

/** The paths of the secrets in `config`. */
function* secretsIn(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === 'symbol') yield path;
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* secretsIn(item, [...path, at]);
  } else if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) yield* secretsIn(inner, [...path, key]);
  }
}

function serviceProblems({ connection: { id, service } }: Source, { fields }: Layer): Problem[] {
  if (fields.service === undefined || fields.service === service) return [];
  const message = `must be ${service}, the service of connection ${id} that copy_from names. Remove it, or copy another connection.`;
  return [{ path: ['service'], message }];
}

/** Each naming field of the source must be written, and the name must be another one. */
function nameProblems(
  { connection: { id, schema, group_id } }: Source,
  { fields }: Layer,
  { fields: naming, isGuessed }: Naming,
): Problem[] {
  const written: Mapping = fields.config ?? {};
  const has = (field: string): boolean => Object.hasOwn(written, field);
  const name = connectionName(written)?.name;
  const isWritten = (field: string): boolean =>
    has(field) || (secondFields.includes(field) && secondFields.some(has));
  const missing =
    isGuessed && name !== undefined ? [] : Object.keys(naming).filter((field) => !isWritten(field));
  if (missing.length > 0) {
    return missing.map((field) => ({
      path: ['config', field],
      message: `required with copy_from: it names the copy, and the name of connection ${id} is not copied.`,
    }));
  }
  const isSameGroup = (fields.group_id ?? group_id) === group_id;
  if (!isSameGroup || name === undefined || schema === undefined || !sameName(name, schema))
    return [];
  const [field = 'schema'] = Object.keys(naming);
  const message = `must not be the name of connection ${id} itself, which copy_from names. Choose another name for the copy.`;
  return [{ path: ['config', field], message }];
}

/** Each secret of the source must be written: a nested one with all of its field. */
function secretProblems(secrets: readonly Path[], { fields }: Layer): Problem[] {
  return secrets
    .filter(([field]) => !Object.hasOwn(fields.config ?? {}, String(field)))
    .map((path) => {
      const [field] = path;
      const whole =
        path.length > 1 ? ` Write all of config.${field}, because it replaces what is copied.` : '';
      return {
        path: ['config', ...path],
        message: `required with copy_from: the source has this secret, and Fivetran does not show it. Set config.${field}, for example to \${NAME}.${whole}`,
      };
    });
}

function warningsAbout(
  { connection, metadata }: Source,
  { fields }: Layer,
  naming: Naming,
): string[] {
  if (metadata.kind !== 'read')
    return [withoutMetadata(metadata.error, connection.service, naming)];
  if (!takesAuth(metadata.value) || fields.auth !== undefined) return [];
  return [
    `Service ${connection.service} takes auth, which Fivetran does not show, so it was not copied. Set auth, or authorize the copy in the dashboard or through a connect card.`,
  ];
}
