import { z } from 'zod';
import { deviceName, productId } from '../domain/triple.ts';

export const MAX_LEASE_COUNT = 10_000;

/**
 * `POST /v1/leases`: leases triples for work offline, all or none. A station that did not receive the answer repeats the
 * request with the same `requestId` and gets the same triples.
 */
export const leaseRequest = z.object({
  requestId: z.string().min(1).max(128),
  productId,
  count: z.int().min(1).max(MAX_LEASE_COUNT),
});
export type LeaseRequest = z.infer<typeof leaseRequest>;

/** The only reply of the registry with secrets. A repeated reply omits triples that were already returned. */
export const leaseReply = z.object({
  leaseId: z.string(),
  productId: z.string(),
  triples: z.array(z.object({ deviceName: z.string(), deviceSecret: z.string() })),
});
export type LeaseReply = z.infer<typeof leaseReply>;

/** `POST /v1/leases/:leaseId/return`: returns triples that the station never claimed for a unit. */
export const leaseReturnRequest = z.object({ deviceNames: z.array(deviceName).min(1).max(MAX_LEASE_COUNT) });
export type LeaseReturnRequest = z.infer<typeof leaseReturnRequest>;

/** Why a triple cannot be returned: it is in use, it is not of this lease, or the lease is in quarantine. */
export const returnRefusal = z.enum(['not-in-lease', 'bound', 'retired', 'seen-online', 'quarantined']);
export type ReturnRefusal = z.infer<typeof returnRefusal>;

/** `returned` also includes triples of earlier calls: the request may be repeated. */
export const leaseReturnReply = z.object({
  leaseId: z.string(),
  returned: z.array(z.string()),
  refused: z.array(z.object({ deviceName: z.string(), code: returnRefusal, reason: z.string() })),
});
export type LeaseReturnReply = z.infer<typeof leaseReturnReply>;

/** A lease, without secrets. `outstanding` triples are neither bound nor retired nor returned. */
export const leaseView = z.object({
  leaseId: z.string(),
  requestId: z.string(),
  productId: z.string(),
  station: z.string(),
  count: z.int(),
  outstanding: z.int(),
  returned: z.int(),
  /** True in quarantine: the station was given up, and the registry accepts none of the triples from it. */
  quarantined: z.boolean().optional(),
  createdMs: z.int(),
});
export type LeaseView = z.infer<typeof leaseView>;

/** `GET /v1/leases`: the leases of the requesting station, newest first. */
export const leasesReply = z.object({ leases: z.array(leaseView) });
export type LeasesReply = z.infer<typeof leasesReply>;
