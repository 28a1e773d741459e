import { z } from 'zod';
import { deviceName, productId } from '../domain/triple.ts';

export const MAX_LEASE_COUNT = 10_000;

/**
 * `POST /v1/leases`: a block of triples for work offline, whole or nothing. A station that did not hear the answer
 * asks again with the same `requestId` and gets the same block.
 */
export const leaseRequest = z.object({
  requestId: z.string().min(1).max(128),
  productId,
  count: z.int().min(1).max(MAX_LEASE_COUNT),
});
export type LeaseRequest = z.infer<typeof leaseRequest>;

/** The only reply of the registry that carries secrets. Names already given back are left out of a repeated reply. */
export const leaseReply = z.object({
  leaseId: z.string(),
  productId: z.string(),
  triples: z.array(z.object({ deviceName: z.string(), deviceSecret: z.string() })),
});
export type LeaseReply = z.infer<typeof leaseReply>;

/** `POST /v1/leases/:leaseId/return`: triples the station never claimed for a unit. */
export const leaseReturnRequest = z.object({ deviceNames: z.array(deviceName).min(1).max(MAX_LEASE_COUNT) });
export type LeaseReturnRequest = z.infer<typeof leaseReturnRequest>;

/** Why a triple cannot be given back: it is in use, it is not of this lease, or the lease is in quarantine. */
export const returnRefusal = z.enum(['not-in-lease', 'bound', 'retired', 'seen-online', 'quarantined']);
export type ReturnRefusal = z.infer<typeof returnRefusal>;

/** `returned` also names what had been given back by an earlier call: the request may be repeated. */
export const leaseReturnReply = z.object({
  leaseId: z.string(),
  returned: z.array(z.string()),
  refused: z.array(z.object({ deviceName: z.string(), code: returnRefusal, reason: z.string() })),
});
export type LeaseReturnReply = z.infer<typeof leaseReturnReply>;

/** One lease as its station sees it, without secrets. `outstanding` are neither bound, retired nor returned. */
export const leaseView = z.object({
  leaseId: z.string(),
  requestId: z.string(),
  productId: z.string(),
  station: z.string(),
  count: z.int(),
  outstanding: z.int(),
  returned: z.int(),
  /** In quarantine: the station was given up, and nothing of the lease is taken from it any more. */
  quarantined: z.boolean().optional(),
  createdMs: z.int(),
});
export type LeaseView = z.infer<typeof leaseView>;

/** `GET /v1/leases`: those of the asking station, newest first. */
export const leasesReply = z.object({ leases: z.array(leaseView) });
export type LeasesReply = z.infer<typeof leasesReply>;
