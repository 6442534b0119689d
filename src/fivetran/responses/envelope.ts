import * as z from 'zod/mini';
import { mapping, text } from './tolerant.ts';

const envelope = z.pipe(
  mapping,
  z.object({ code: text, message: text, data: z.optional(z.unknown()) }),
);
export type Envelope = z.infer<typeof envelope>;

/** Reads the envelope that every response of the API comes in. */
export const readEnvelope = (body: unknown): Envelope => envelope.parse(body);

const page = z.pipe(
  mapping,
  z.object({ items: z.array(z.optional(z.unknown())), next_cursor: text }),
);

/** A page of a list. */
export type Page = z.infer<typeof page>;

/** Reads a page of a list; undefined when the response has no list. */
export const readPage = (data: unknown): Page | undefined => page.safeParse(data).data;

const identified = z.pipe(mapping, z.object({ id: text }));

/** The id of what a response is about. */
export const idOf = (data: unknown): string | undefined => identified.parse(data).id;
