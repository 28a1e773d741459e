import { z } from 'zod';

/** Bindings of the past that a reply has at most. */
export const MAX_PAST_OWNERS = 50;

/** One binding of a device. Times are the registry's clock. */
export const ownerView = z.object({
  owner: z.string(),
  /** The station that bound it. */
  station: z.string(),
  boundAtMs: z.int(),
  /** Null while it is bound. */
  released: z
    .object({
      atMs: z.int(),
      /** A station and its person, or the device itself (`unbind_device`). */
      as: z.enum(['station', 'device']),
      by: z.string(),
      reason: z.string(),
    })
    .nullable(),
});
export type OwnerView = z.infer<typeof ownerView>;

/** `GET /v1/devices/:productId/:deviceName/owner`: who the device is bound to, and earlier bindings, newest first. */
export const ownerReply = z.object({ owner: ownerView.nullable(), past: z.array(ownerView) });
export type OwnerReply = z.infer<typeof ownerReply>;

/**
 * `POST /v1/devices/:productId/:deviceName/unbind`: ends the binding of a device and tells it so. Repeated, it has no further
 * effect. `owner`: only when it is bound to this owner; left out: of any owner.
 */
export const unbindRequest = z.strictObject({
  reason: z.string().trim().min(1).max(1000),
  by: z.string().trim().min(1).max(200),
  owner: z.string().trim().min(1).max(200).optional(),
});
export type UnbindRequest = z.infer<typeof unbindRequest>;

/** `released` false: the device was not bound. `told`: it was connected and was sent `unbind_device`; otherwise it is told at its next login. */
export const unbindReply = z.object({ released: z.boolean(), told: z.boolean() });
export type UnbindReply = z.infer<typeof unbindReply>;
