import { z } from 'zod';
import { REFUSAL_REASONS, REFUSED_ACTS } from '../domain/mqtt-refusal.ts';
import { deviceName, productId } from '../domain/triple.ts';

/** A refused request of a device. Repetitions within ten minutes are counted in one entry. */
export const refusalView = z.object({
  /** As the device sent it, printable ASCII; empty when it sent none. */
  clientId: z.string(),
  /** Both null when no device has this client id. */
  productId: z.string().nullable(),
  deviceName: z.string().nullable(),
  /** IP address it came from. */
  address: z.string(),
  act: z.enum(REFUSED_ACTS),
  reason: z.enum(REFUSAL_REASONS),
  /** The latest topic, method or protocol version; never a secret. */
  detail: z.string(),
  count: z.int(),
  firstAtMs: z.int(),
  lastAtMs: z.int(),
});
export type RefusalView = z.infer<typeof refusalView>;

export const MAX_REFUSALS = 100;

/**
 * `GET /v1/refusals`: the latest, newest first. With both names those of one device; else those of the station's own devices
 * and of unknown clients; all of them for a station with the right "admin".
 */
export const refusalsQuery = z
  .object({
    productId: productId.optional(),
    deviceName: deviceName.optional(),
    /** Only refusals at this time or later, Unix milliseconds. */
    since: z.coerce.number().int().min(0).default(0),
  })
  .refine((query) => (query.productId === undefined) === (query.deviceName === undefined), {
    message: 'productId and deviceName belong together',
  });
export type RefusalsQuery = z.infer<typeof refusalsQuery>;

/** `refused`: sum of all counts since then, also of entries that are not listed. */
export const refusalsReply = z.object({ refusals: z.array(refusalView), refused: z.int() });
export type RefusalsReply = z.infer<typeof refusalsReply>;
