import * as z from 'zod/mini';
import { isMapping } from '../../text/mapping.ts';
import { booleanOr, listOf, mapping, recordOf, text, tolerant } from './tolerant.ts';

/** A field of a connector's `config` or `auth`, and the fields within it. */
export type Property = {
  type?: string | undefined;
  format?: string | undefined;
  fieldStatus?: string | undefined;
  readonly: boolean;
  nullable: boolean;
  /** Can be set on create only. */
  immutable: boolean;
  enum: unknown[];
  required: string[];
  properties: Record<string, Property>;
  items?: Property | undefined;
};

const property: z.ZodMiniType<Property> = z.lazy(() =>
  z.pipe(
    mapping,
    z.object({
      type: text,
      format: text,
      fieldStatus: text,
      readonly: booleanOr(false),
      nullable: booleanOr(false),
      immutable: booleanOr(false),
      enum: tolerant((value): unknown[] => (Array.isArray(value) ? value : [])),
      required: listOf(z.string()),
      properties: recordOf(property),
      items: z.optional(property),
    }),
  ),
);

const connectorType = z.object({
  name: text,
  service_status: text,
  link_to_docs: text,
  config: property,
  auth: property,
  /**
   * `AUTHORIZATION_VIA_API` among them: `auth` can be set through the API. Empty when not given.
   */
  supported_features: listOf(z.object({ id: text })),
});

/** What Fivetran says about a connector type: its fields, features and release phase. */
export type ConnectorType = z.infer<typeof connectorType>;

/** Reads a connector type's metadata; undefined when the response has none. */
export const readConnectorType = (data: unknown): ConnectorType | undefined =>
  isMapping(data) && isMapping(data.config) ? connectorType.safeParse(data).data : undefined;
