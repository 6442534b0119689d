import { when } from './forms.mjs';

/** @typedef {import('./forms.mjs').Schema} Schema */
/** @typedef {{ service: string, month: string }} Context `month` is when the facts were read */

/*
 * What an editor reports about a connector. The document behind the facts is incomplete, so a report is
 * a `deprecationMessage`, which leaves a manifest valid, and claims no more than the document says.
 */

/** @param {Schema} condition @param {string} deprecationMessage */
export const reportedWhen = (condition, deprecationMessage) =>
  when(condition, { deprecationMessage });

/** @param {string} month */
const source = (month) => `Fivetran's reference of ${month}`;

/** @param {Context} context */
export const notAField = ({ service, month }) => `Not a field of ${service} in ${source(month)}.`;

/** @param {Context} context */
export const readOnly = ({ service, month }) =>
  `A read-only field of ${service} in ${source(month)}.`;

/** @param {string} month */
export const notAService = (month) => `Not a service in ${source(month)}.`;

/** @param {string} what @param {string} month */
export const expected = (what, month) => `Fivetran's reference of ${month} has ${what} here.`;

/** How to write a secret instead. */
export const HOW_TO_PASS = 'Pass it through the environment of the step, as ${NAME}.';

/** @param {string} month */
export const plainSecret = (month) =>
  `Plain text, but a secret in ${source(month)}. ${HOW_TO_PASS}`;

export const PLAIN_BY_NAME = `Plain text in a field that is named like a secret. ${HOW_TO_PASS}`;
