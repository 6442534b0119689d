import * as z from 'zod/mini';

/*
 * Fivetran adds fields and values without notice, and any field may be null, missing or of another
 * type. So nothing here refuses an answer but a connection without an id: what is unusable is left
 * out, and everything else is kept as it came.
 */

const lenient = <T>(read: (value: unknown) => T) =>
  z.pipe(z.optional(z.unknown()), z.transform(read));

const text = lenient((value) =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined,
);

const listOf = <T extends z.ZodMiniType>(item: T) =>
  lenient((value): z.infer<T>[] =>
    (Array.isArray(value) ? value : []).flatMap((one) => {
      const parsed = item.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );

const mapping = lenient(
  (value): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {},
);

/** A setup test, as every answer with `setup_tests` carries it. */
export const setupTest = z.looseObject({
  title: lenient((value) => (typeof value === 'string' && value.trim() ? value : 'Untitled test')),
  status: lenient((value) => (typeof value === 'string' && value ? value : 'UNKNOWN')),
  message: lenient((value) =>
    value === undefined || value === null
      ? ''
      : typeof value === 'string'
        ? value
        : JSON.stringify(value),
  ),
  details: z.optional(z.unknown()),
});
export type SetupTest = z.infer<typeof setupTest>;

const note = z.looseObject({ code: text, message: text });

const card = z.looseObject({ token: text, uri: text });
/** Where the end user finishes the authorisation; its token is a credential, and in its uri too. */
export type ConnectCard = z.infer<typeof card>;

/** Reads a connect card; undefined when there is none in the answer. */
export function readConnectCard(data: unknown): ConnectCard | undefined {
  const read = z.pipe(mapping, card).parse(mapping.parse(data).connect_card);
  return read.uri ? read : undefined;
}

/** A field of a connector's `config` or `auth`, and the fields within it. */
export type Property = {
  type?: string | undefined;
  format?: string | undefined;
  fieldStatus?: string | undefined;
  readonly: boolean;
  nullable: boolean;
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
      readonly: lenient((value) => value === true),
      nullable: lenient((value) => value === true),
      enum: lenient((value): unknown[] => (Array.isArray(value) ? value : [])),
      required: listOf(z.string()),
      properties: z.pipe(mapping, z.record(z.string(), property)),
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
});
/** What Fivetran says of a connector type: its fields, and how finished it is. */
export type ConnectorType = z.infer<typeof connectorType>;

/** Reads a connector's metadata; undefined when the answer has none. */
export function readConnectorType(data: unknown): ConnectorType | undefined {
  const { config } = mapping.parse(data);
  return typeof config === 'object' ? connectorType.safeParse(data).data : undefined;
}

/** A connection, as create, get, list, patch and test answer it. */
const connection = z.object({
  id: z.pipe(text, z.string().check(z.minLength(1))),
  group_id: text,
  service: text,
  schema: text,
  paused: text,
  created_at: text,
  succeeded_at: text,
  failed_at: text,
  status: z.pipe(
    mapping,
    z.looseObject({
      setup_state: text,
      sync_state: text,
      update_state: text,
      tasks: listOf(note),
      warnings: listOf(note),
    }),
  ),
  setup_tests: listOf(setupTest),
  connect_card: z.pipe(mapping, card),
});

/** A connection as it is used here, and as Fivetran answered it. */
export type Connection = z.infer<typeof readableConnection>;

const readableConnection = z.pipe(
  z.unknown(),
  z.transform((answer, context) => {
    const read = connection.safeParse(answer);
    if (read.success) return { ...read.data, answer: mapping.parse(answer) };
    context.issues.push({ code: 'custom', message: 'no connection', input: answer });
    return z.NEVER;
  }),
);

/** Reads a connection; undefined when there is none in the answer. */
export function readConnection(data: unknown): Connection | undefined {
  return readableConnection.safeParse(data).data;
}

const page = z.object({ items: z.array(z.optional(z.unknown())), next_cursor: text });

/**
 * Reads a page of a list of connections, and looks for one in it. Undefined when the answer has no
 * list, or when it is not there and something in the list is not readable, which might be it.
 */
export function readPage(
  data: unknown,
  isWanted: (connection: Connection) => boolean,
): { connection: Connection | undefined; next_cursor: string | undefined } | undefined {
  const read = page.safeParse(data).data;
  if (!read) return undefined;
  const items = read.items.map(readConnection);
  const connection = items.find((item) => item && isWanted(item));
  if (!connection && items.includes(undefined)) return undefined;
  return { connection, next_cursor: read.next_cursor };
}

const envelope = z.pipe(
  mapping,
  z.looseObject({ code: text, message: text, data: z.optional(z.unknown()) }),
);
export type Envelope = z.infer<typeof envelope>;

/** Reads the frame that every answer of the API comes in. */
export const readEnvelope = (body: unknown): Envelope => envelope.parse(body);
