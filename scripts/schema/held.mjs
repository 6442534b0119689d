import { namesSecret } from '../../src/secrets/secret-names.ts';
import { REFERRING } from './forms.mjs';
import { expected, notAField, reportedWhen } from './reports.mjs';

/** @typedef {import('../connectors/facts.mjs').Held} Held */
/** @typedef {import('../connectors/facts.mjs').FieldMap} FieldMap */
/** @typedef {import('./forms.mjs').Schema} Schema */
/** @typedef {import('./reports.mjs').Context} Context */

/** Marked as secrets by the document or named like one, but public: roles, accounts, identifiers. */
const PUBLIC =
  /role_?arn$|^(external_id|app_id|business_id|short_code|audience)$|(^|_)user(name)?$/;

/** Suggestions that are longer help nobody. */
const LONGEST_SUGGESTION = 100;

const SHOWN_ON_HOVER = 5;

/**
 * Suggests the values of a schema without demanding one of them. What always matches comes last: it
 * keeps yaml-language-server from listing all values on hover.
 *
 * @param {Schema} schema with an `enum`
 */
export const suggesting = (schema) => ({ anyOf: [{ not: {}, ...schema }, {}] });

/**
 * The schema of a mapping with these fields.
 *
 * @param {FieldMap} fields
 * @param {Context} context
 * @returns {Schema}
 */
export function fieldsSchema(fields, context) {
  const isPair = Object.hasOwn(fields, 'value');
  return {
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, held]) => {
        // In a pair, a text such as the name of a header says what the value is.
        const isLabel = isPair && ['key', 'name'].includes(name);
        return [name, heldSchema(held, isLabel ? 'label' : name, context)];
      }),
    ),
    additionalProperties: { deprecationMessage: notAField(context) },
  };
}

/** @param {Held} held @param {string} name @param {Context} context @returns {Schema} */
function heldSchema(held, name, context) {
  if (typeof held === 'string') return { $ref: `#/$defs/${sharedName(held, name)}` };
  if (Array.isArray(held)) return textsSchema(held);
  if (!('[]' in held)) {
    const isKnown = Object.keys(held).length > 0;
    return {
      description: 'A mapping.',
      ...(isKnown ? fieldsSchema(held, context) : { properties: {} }),
      ...reportedWhen(NOT_A_MAPPING, expected('a mapping', context.month)),
    };
  }
  const items = heldSchema(/** @type {Held} */ (held['[]']), name, context);
  return {
    description: 'A list.',
    items,
    ...reportedWhen(NOT_A_LIST, expected('a list', context.month)),
  };
}

const NOT_A_MAPPING = {
  type: ['array', 'boolean', 'number', 'string'],
  not: REFERRING,
};
const NOT_A_LIST = { type: ['boolean', 'number', 'object', 'string'], not: REFERRING };

/** @param {string} type @param {string} name */
function sharedName(type, name) {
  if (type !== 'secret' && type !== 'string') return type;
  if (PUBLIC.test(name)) return 'string';
  return type === 'string' && namesSecret(name) ? 'secretName' : type;
}

/** @param {string[]} values @returns {Schema} */
function textsSchema(values) {
  const short = values.filter((value) => value.length <= LONGEST_SUGGESTION);
  // An empty enum would make the whole schema invalid.
  if (short.length === 0) return { $ref: '#/$defs/string' };
  const examples = short.slice(0, SHOWN_ON_HOVER).join(', ');
  return {
    description: `Text, such as ${examples}${short.length > SHOWN_ON_HOVER ? ', …' : ''}.`,
    ...suggesting({ enum: short }),
  };
}
