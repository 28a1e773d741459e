import { z } from 'zod';
import { REFUSAL_REASONS, REFUSED_ACTS } from '../domain/mqtt-refusal.ts';
import { deviceName, productId } from '../domain/triple.ts';

/** What a device was refused. The same thing refused again within ten minutes is counted on one entry. */
export const refusalView = z.object({
  /** As the device gave it, printable ASCII; empty when it never said one. */
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
 * `GET /v1/refusals`: the latest, newest first. Of one device when both names are given; else of the station's own
 * devices and of clients that no device is known for, and of all for a station with the right "admin".
 */
export const refusalsQuery = z
  .object({
    productId: productId.optional(),
    deviceName: deviceName.optional(),
    /** Only what happened at this instant or later, in ms since 1970. */
    since: z.coerce.number().int().min(0).default(0),
  })
  .refine((query) => (query.productId === undefined) === (query.deviceName === undefined), {
    message: 'productId and deviceName belong together',
  });
export type RefusalsQuery = z.infer<typeof refusalsQuery>;

/** `refused`: sum of all counts since then, also of entries that are not among those listed. */
export const refusalsReply = z.object({ refusals: z.array(refusalView), refused: z.int() });
export type RefusalsReply = z.infer<typeof refusalsReply>;
