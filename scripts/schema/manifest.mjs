import { toJSONSchema } from 'zod/mini';
import { manifestFile } from '../../src/inputs/manifest.ts';
import { connectorDefinitions } from './connectors.mjs';
import { MAPPING_OR_NOTHING, when, writtenForm } from './forms.mjs';
import { suggesting } from './held.mjs';
import { sharedDefinitions } from './shared.mjs';

/** @typedef {import('../connectors/facts.mjs').Facts} Facts */
/** @typedef {import('./forms.mjs').Schema} Schema */
/** @typedef {Record<string, { description: string }>} Inputs */

/**
 * The JSON Schema of a manifest: the fields that the action validates, with the descriptions of the
 * inputs of the same names, and what is known about each connector. It refuses nothing that the action
 * accepts.
 *
 * @param {Inputs} inputs of action.yml
 * @param {Facts} facts
 * @returns {Schema}
 */
export function manifestSchema(inputs, facts) {
  const file = /** @type {Schema} */ (
    // The action itself checks what JSON Schema cannot express.
    toJSONSchema(manifestFile, { io: 'input', unrepresentable: 'any' })
  );
  const { defaults, connections } = file.properties;
  const connection = { $ref: '#/$defs/connection' };
  return {
    $schema: file.$schema,
    type: file.type,
    required: file.required,
    // An editor shows the first description of a value, so the most specific schemas come first.
    allOf: [{ $ref: '#/$defs/inherited' }, { $ref: '#/$defs/manifest' }],
    $defs: {
      manifest: {
        properties: {
          defaults: connection,
          connections: {
            type: connections.type,
            properties: {},
            additionalProperties: connection,
            ...when(
              { type: 'object', maxProperties: 0 },
              { deprecationMessage: 'No connections: the step will do nothing.' },
            ),
          },
        },
        additionalProperties: false,
      },
      // The properties tell editors to begin a mapping.
      connection: {
        properties: {},
        allOf: [{ $ref: '#/$defs/services' }, { $ref: '#/$defs/entry' }],
      },
      entry: entrySchema(defaults, inputs),
      ...sharedDefinitions(facts.month),
      ...connectorDefinitions(facts),
    },
  };
}

/**
 * @param {Schema} entry as zod writes it
 * @param {Inputs} inputs
 */
function entrySchema(entry, inputs) {
  const fields = Object.entries(entry.properties).map(([name, field]) => {
    const form = writtenForm(field);
    if (name === 'service') form.allOf = [suggesting({ $ref: '#/$defs/knownService' })];
    return [name, { ...describe(inputs[name]), ...form }];
  });
  return {
    properties: Object.fromEntries(fields),
    additionalProperties: false,
    ...MAPPING_OR_NOTHING,
  };
}

/**
 * What an editor shows for a field. What a step requires is not what a manifest does.
 *
 * @param {{ description: string } | undefined} input
 */
function describe(input) {
  return input && { description: input.description.replace(/^Required [^.]*\. /, '') };
}

/**
 * The text of a schema, with one line per definition, so that a diff shows what changed.
 *
 * @param {Schema} schema
 */
export function schemaText({ $defs, ...schema }) {
  const lines = Object.entries($defs).map(
    ([name, definition]) => `${JSON.stringify(name)}:${JSON.stringify(definition)}`,
  );
  return `${JSON.stringify(schema).slice(0, -1)},"$defs":{\n${lines.join(',\n')}\n}}\n`;
}
