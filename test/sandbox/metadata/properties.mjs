/**
 * A property in a connector's metadata.
 * @typedef {object} Property
 * @property {'string' | 'integer' | 'boolean' | 'object' | 'array'} type
 * @property {string} [title]
 * @property {string} [description]
 * @property {string[]} [enum]
 * @property {boolean} [readonly]
 * @property {boolean} [nullable]
 * @property {boolean} [immutable] may be set on create only
 * @property {string} [format] `password` marks a secret
 * @property {string} [fieldStatus] absent when the field is generally available
 * @property {Property} [items]
 * @property {Record<string, Property>} [properties]
 * @property {string[]} [required]
 */

/** @typedef {Partial<Property>} More */

/** @param {string} title @param {More} [more] @returns {Property} */
export const text = (title, more) => ({
  type: 'string',
  title,
  description: `The ${title.toLowerCase()}`,
  readonly: false,
  ...more,
});

/** @param {string} title @param {More} [more] */
export const secret = (title, more) => text(title, { format: 'password', ...more });

/** @param {string} title @param {string[]} values @param {More} [more] */
export const choice = (title, values, more) => text(title, { enum: values, ...more });

/** @param {string} title @param {More} [more] @returns {Property} */
export const number = (title, more) => ({ ...text(title), type: 'integer', ...more });

/** @param {string} title @param {More} [more] @returns {Property} */
export const flag = (title, more) => ({ ...text(title), type: 'boolean', ...more });

/** @param {string} title @param {Property} items @param {More} [more] @returns {Property} */
export const list = (title, items, more) => ({ ...text(title), type: 'array', items, ...more });

/**
 * A mapping. The metadata of real connectors lists little but the naming fields as required.
 * @param {Record<string, Property>} properties
 * @param {string[]} [required]
 * @returns {Property}
 */
export const group = (properties, required = []) => ({ type: 'object', properties, required });

/** The field that names the destination schema of most connectors. */
export const schema = text('Destination schema', { immutable: true });

/** The field that names the destination table of connectors with a single table. */
export const table = text('Destination table', { immutable: true });

/** The field that names the destination schemas of databases. */
export const schemaPrefix = text('Destination schema prefix', { immutable: true });

/** The field that names the table group of file connectors. */
export const tableGroup = text('Table group', { immutable: true });

/** The `auth` of a connector that an end user authorizes in the browser. */
export const oauth = group({
  client_access: group({ client_id: text('Client ID'), client_secret: secret('Client secret') }),
  refresh_token: secret('Refresh token'),
  access_token: secret('Access token', { nullable: true }),
});
