import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';

/** What travels: five frames up, six down. Both sides check every frame; a frame that does not fit closes the wire. */
export const wireFault = z.object({
  code: z.enum(FAULT_CODES),
  message: z.string(),
  hint: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type WireFault = z.infer<typeof wireFault>;

const id = z.int().min(1);
/** Where a subscriber stood: `epoch` names the publisher's life, `seq` the last delta it has applied. */
const position = z.object({ epoch: z.string(), seq: z.int().min(0) });
export type Position = z.infer<typeof position>;

export const clientFrame = z.discriminatedUnion('t', [
  /** `sentAtMs`: when it was sent, as the server's monotonic clock was last heard; see `beat`. */
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
  /** Answered at once, whatever else waits. */
  z.object({ t: z.literal('beat') }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

export const serverFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('result'), id, output: z.unknown().optional() }),
  z.object({ t: z.literal('fault'), id, fault: wireFault }),
  z.object({ t: z.literal('snapshot'), id, epoch: z.string(), seq: z.int().min(0), state: z.unknown() }),
  z.object({ t: z.literal('delta'), id, seq: z.int().min(1), delta: z.unknown() }),
  z.object({ t: z.literal('resumed'), id }),
  /** `atMs`: the server's monotonic clock. */
  z.object({ t: z.literal('beat'), atMs: z.number() }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;
