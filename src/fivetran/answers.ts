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

const page = z.looseObject({
  items: listOf(readableConnection),
  next_cursor: text,
});

/** Reads a page of a list of connections; undefined when the answer has no list. */
export function readPage(data: unknown): z.infer<typeof page> | undefined {
  const { items } = mapping.parse(data);
  return Array.isArray(items) ? page.parse(data) : undefined;
}

const envelope = z.pipe(
  mapping,
  z.looseObject({ code: text, message: text, data: z.optional(z.unknown()) }),
);
export type Envelope = z.infer<typeof envelope>;

/** Reads the frame that every answer of the API comes in. */
export const readEnvelope = (body: unknown): Envelope => envelope.parse(body);
