/** @typedef {import('zod/mini').core.JSONSchema.BaseSchema} JsonSchema */
/** @typedef {Record<string, any>} Schema a JSON Schema, with the editors' own keywords */

/** Matches a text that holds `${NAME}`; `$${` is a literal `${`. */
export const REFERENCE = '(^|[^$])[$][{]';

/** A text that holds `${NAME}`. */
export const REFERRING = { type: 'string', pattern: REFERENCE };

/** Accepts null. As `type: null`, editors would suggest it. */
const NOTHING = { not: { type: ['array', 'boolean', 'number', 'object', 'string'] } };

/** Accepts a mapping or null, for the same reason. */
export const MAPPING_OR_NOTHING = { if: NOTHING, else: { type: 'object' } };

/** Accepts a text or null, for the same reason. */
const TEXT_OR_NOTHING = { not: { type: ['array', 'boolean', 'number', 'object'] } };

/**
 * Applies a schema where a condition is met.
 *
 * @param {Schema} condition
 * @param {Schema} consequence
 * @returns {Schema}
 */
export const when = (condition, consequence) => ({
  if: condition,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: consequence,
});

/**
 * The schema of a field as it can be written in a manifest, made from the schema that validates its
 * value: nothing, a text with a reference to a variable, a number or boolean as text, or a list as one
 * item per line.
 *
 * @param {JsonSchema} field as zod writes it
 * @returns {Schema}
 */
export function writtenForm(field) {
  const [only, ...others] = (field.anyOf ?? []).filter((form) => asSchema(form).type !== 'null');
  if (only && others.length === 0) return writtenForm(asSchema(only));
  if (field.type === 'object') return mappingForm(field);
  if (field.type === undefined && !field.anyOf && !field.enum && field.const === undefined) {
    return {};
  }
  const { default: fallback, ...form } = field;
  // An empty list is nothing to suggest.
  const isEmpty = Array.isArray(fallback) && fallback.length === 0;
  return { anyOf: [isEmpty ? form : field, textOrNothing(field)] };
}

/** @param {JsonSchema} field @returns {Schema} */
function mappingForm({ properties = {}, additionalProperties, required }) {
  return {
    // Also where it is empty: it tells editors to begin a mapping.
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, inner]) => [name, writtenForm(asSchema(inner))]),
    ),
    ...(required && { required }),
    ...(additionalProperties === false && { additionalProperties }),
    ...(isConstraint(additionalProperties) && {
      additionalProperties: writtenForm(asSchema(additionalProperties)),
    }),
    ...MAPPING_OR_NOTHING,
  };
}

/** What can stand for the value of a field, beside the value itself. @param {JsonSchema} field */
function textOrNothing(field) {
  if (field.type === 'array') return TEXT_OR_NOTHING;
  return { ...TEXT_OR_NOTHING, pattern: [...textValues(field), REFERENCE].join('|') };
}

/** Patterns of the texts that stand for a value of another type. @param {JsonSchema} field */
function textValues({ type }) {
  if (type === 'boolean') return ['^([tT]rue|TRUE|[fF]alse|FALSE)$'];
  return type === 'number' || type === 'integer' ? ['^-?\\d+(\\.\\d+)?$'] : [];
}

/** @param {unknown} schema */
const isConstraint = (schema) =>
  typeof schema === 'object' && schema !== null && Object.keys(schema).length > 0;

/** @param {unknown} schema @returns {JsonSchema} */
const asSchema = (schema) =>
  typeof schema === 'object' && schema !== null ? /** @type {JsonSchema} */ (schema) : {};
