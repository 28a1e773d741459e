import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';

/** A fault in a frame; see `FaultView`. */
const faultView = z.object({
  code: z.enum(FAULT_CODES),
  message: z.string(),
  hint: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const id = z.int().min(1);
/** The position of a subscriber: `epoch` identifies the publisher's process, `seq` the last delta that was applied. */
const position = z.object({ epoch: z.string(), seq: z.int().min(0) });
export type Position = z.infer<typeof position>;

/** The frames that a client sends. Both sides check every frame; an invalid frame closes the connection. */
export const clientFrame = z.discriminatedUnion('t', [
  /** `sentAtMs`: when the call was sent, by the server's monotonic clock as estimated from `beat` frames. */
  z.object({
    t: z.literal('call'),
    id,
    name: z.string(),
    input: z.unknown().optional(),
    sentAtMs: z.number().optional(),
  }),
  z.object({ t: z.literal('cancel'), id }),
  z.object({ t: z.literal('subscribe'), id, topic: z.string(), since: position.nullable() }),
  z.object({ t: z.literal('unsubscribe'), id }),
  /** Heartbeat request; the server answers it before all waiting requests. */
  z.object({ t: z.literal('beat') }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

export const serverFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('result'), id, output: z.unknown().optional() }),
  z.object({ t: z.literal('fault'), id, fault: faultView }),
  z.object({ t: z.literal('snapshot'), id, epoch: z.string(), seq: z.int().min(0), state: z.unknown() }),
  z.object({ t: z.literal('delta'), id, seq: z.int().min(1), delta: z.unknown() }),
  z.object({ t: z.literal('resumed'), id }),
  /** Heartbeat answer; `atMs`: the server's monotonic clock. */
  z.object({ t: z.literal('beat'), atMs: z.number() }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;
