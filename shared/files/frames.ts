import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';

/** The most bytes that are sent and not yet processed by the receiver. Neither side stores more. */
export const WINDOW_BYTES = 1024 * 1024;
/** The most bytes in one message. */
export const CHUNK_BYTES = 256 * 1024;

const count = z.int().min(0);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Frames of the page. `offer` is the first frame and occurs once. */
export const senderFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('offer'), name: z.string().max(1000), sizeBytes: count }),
  z.object({ t: z.literal('bytes'), bytes }),
  z.object({ t: z.literal('end') }),
]);
export type SenderFrame = z.infer<typeof senderFrame>;

/** A file that the station has stored; the page refers to it by its id. */
export const upload = z.object({ fileId: z.string(), name: z.string(), sizeBytes: count });
export type Upload = z.infer<typeof upload>;

/** Frames of the station. `more` grants further bytes; `taken` and `fault` end the transfer. */
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
