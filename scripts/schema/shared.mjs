import { REFERENCE, REFERRING } from './forms.mjs';
import { expected, HOW_TO_PASS, PLAIN_BY_NAME, plainSecret, reportedWhen } from './reports.mjs';

/** @typedef {import('./forms.mjs').Schema} Schema */

/**
 * The definitions that the schemas of all connectors share.
 *
 * @param {string} month when the facts were read
 * @returns {Record<string, Schema>}
 */
export function sharedDefinitions(month) {
  const collection = { type: ['array', 'object'] };
  return {
    string: scalar('Text', 'string', collection, month),
    integer: scalar('An integer', 'integer', unlike('number', '^-?\\d+$'), month),
    number: scalar('A number', 'number', unlike('number', '^-?\\d+(\\.\\d+)?$'), month),
    naming: scalar('Part of the name of the connection', 'string', collection, month),
    boolean: scalar('A boolean', 'boolean', unlike('boolean', '^(true|false)$'), month),
    secret: {
      description: `Secret. ${HOW_TO_PASS}`,
      ...suggestedType('string'),
      ...reportedWhen(PLAIN, plainSecret(month)),
    },
    secretName: {
      description: `Secret, by its name. ${HOW_TO_PASS}`,
      ...suggestedType('string'),
      ...reportedWhen(PLAIN, PLAIN_BY_NAME),
    },
  };
}

/** A value that is written out: no reference, and not empty. */
const PLAIN = {
  type: ['number', 'string'],
  minLength: 1,
  not: REFERRING,
};

/**
 * What is neither of a type nor a text that stands for it.
 *
 * @param {string} type
 * @param {string} pattern of such a text
 */
const unlike = (type, pattern) => ({
  type: ['array', 'boolean', 'number', 'object', 'string'],
  not: { anyOf: [{ type }, { type: 'string', pattern: `${pattern}|${REFERENCE}` }] },
});

/** Tells editors the type without demanding it. @param {string} type */
const suggestedType = (type) => ({ anyOf: [{ type }, {}] });

/** @param {string} name @param {string} type @param {Schema} unlike @param {string} month */
const scalar = (name, type, unlike, month) => ({
  description: `${name}.`,
  ...suggestedType(type),
  ...reportedWhen(unlike, expected(name.toLowerCase(), month)),
});
