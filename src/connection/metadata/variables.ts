import { RefusedError } from '../../fivetran/http/errors.ts';
import type { ConnectorType, Property } from '../../fivetran/responses/connector-type.ts';
import { scalarOf } from '../../inputs/fields/check-field.ts';
import type { Path } from '../../inputs/problem.ts';
import type { PresentSpec } from '../../inputs/spec.ts';
import { isMapping, valueAt } from '../../text/mapping.ts';
import { type Context, warn } from '../state.ts';

/**
 * Gives values that are exactly one `${NAME}` the type that the connector's metadata declares: a number
 * or a boolean, where the text reads as one. The metadata is read only when there is such a value.
 *
 * @throws FivetranError when the metadata cannot be read; where the API key may not read it, the values
 * stay text, with a warning
 */
export async function typeVariables(spec: PresentSpec, ctx: Context): Promise<PresentSpec> {
  const paths = spec.variables
    .filter(({ path: [part], untyped }) => untyped && (part === 'config' || part === 'auth'))
    .map(({ path }) => path);
  if (paths.length === 0) return spec;
  const connector = await metadataOf(spec, ctx);
  if (!connector) return spec;
  const { config, auth } = spec.request;
  const types = { config: connector.config, auth: connector.auth };
  const typed = paths.reduce<unknown>(
    (parts, path) => replaceAt(parts, path, (text) => asDeclared(text, propertyAt(types, path))),
    { config, auth },
  );
  return { ...spec, request: { ...spec.request, ...definedIn(typed) } };
}

/** The metadata of the spec's service; undefined where it cannot be had, and a create may tell more. */
async function metadataOf(
  { service }: PresentSpec,
  ctx: Context,
): Promise<ConnectorType | undefined> {
  try {
    return await ctx.fivetran.connectorType(service);
  } catch (error) {
    if (!(error instanceof RefusedError) || ![403, 404].includes(error.status)) throw error;
    if (error.status === 403) {
      warn(
        `${error.message} Numbers and booleans that come through \${NAME} are sent as text. A system key ` +
          'needs the permission ACCOUNT READ to read the metadata.',
        ctx,
      );
    }
    return undefined;
  }
}

function propertyAt(parts: Record<string, Property>, path: Path): Property | undefined {
  const [part = '', ...inner] = path;
  return inner.reduce<Property | undefined>(
    (property, step) =>
      typeof step === 'number' ? property?.items : valueAt(property?.properties, step),
    valueAt(parts, String(part)),
  );
}

/** A text in the type that the metadata declares; the text itself where that type does not fit. */
function asDeclared(text: unknown, property: Property | undefined): unknown {
  const scalar = typeof text === 'string' ? scalarOf(text) : undefined;
  // The declared type of an enum is wrong in places.
  if (scalar === undefined || !property || property.enum.length > 0) return text;
  const isWhole = property.type === 'integer' && Number.isInteger(scalar);
  return isWhole || property.type === typeof scalar ? scalar : text;
}

/** A copy of a value with the part at a path replaced. */
function replaceAt(value: unknown, path: Path, replace: (part: unknown) => unknown): unknown {
  const [step, ...inner] = path;
  if (step === undefined) return replace(value);
  if (Array.isArray(value)) {
    return value.map((item, at) => (at === step ? replaceAt(item, inner, replace) : item));
  }
  if (!isMapping(value) || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: replaceAt(value[step], inner, replace) };
}

const definedIn = (parts: unknown): Partial<PresentSpec['request']> =>
  Object.fromEntries(
    Object.entries(isMapping(parts) ? parts : {}).filter(([, part]) => part !== undefined),
  );
