import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';

/** The sender may have so many bytes under way that the receiver has not worked off: all that either side ever holds. */
export const WINDOW_BYTES = 1024 * 1024;
/** One message carries at most so many of them. */
export const CHUNK_BYTES = 256 * 1024;

const count = z.int().min(0);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** From the page that brings a file. `offer` comes first and once. */
export const senderFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('offer'), name: z.string().max(1000), sizeBytes: count }),
  z.object({ t: z.literal('bytes'), bytes }),
  z.object({ t: z.literal('end') }),
]);
export type SenderFrame = z.infer<typeof senderFrame>;

/** A file as the station took it; the page passes its id. */
export const upload = z.object({ fileId: z.string(), name: z.string(), sizeBytes: count });
export type Upload = z.infer<typeof upload>;

/** From the station. `more` allows so many bytes on top of those allowed before; the others are the last word. */
export const receiverFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('more'), bytes: count }),
  z.object({ t: z.literal('taken'), file: upload }),
  z.object({
    t: z.literal('fault'),
    code: z.enum(FAULT_CODES),
    message: z.string(),
    hint: z.string().nullable(),
  }),
]);
export type ReceiverFrame = z.infer<typeof receiverFrame>;
