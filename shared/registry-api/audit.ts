import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/**
 * The end of a station's audit trail: how many entries it has and the hash of the last. Whoever keeps it can tell
 * whether anything up to there was changed, removed or moved later.
 */
export const auditHead = z.object({ seq: z.int().min(0), hash: sha256Hex });
export type AuditHead = z.infer<typeof auditHead>;

/**
 * What a station says of its trail with its events, and to `POST /v1/audit`. `seen` is the newest head that the
 * registry said it keeps, with the hash that the station's own trail has there (null: it ends before); null when the
 * registry keeps none. A claim whose `seen` is not the registry's newest head was overtaken on its way and says nothing.
 */
export const auditClaim = z.object({
  head: auditHead,
  seen: z.object({ seq: z.int().min(1), hash: sha256Hex.nullable() }).nullable(),
});
export type AuditClaim = z.infer<typeof auditClaim>;

/** The trail did not contain what had been kept of it. `shown` is what it had there instead, null when it was cut. */
export const auditBreak = z.object({
  breakId: z.int(),
  seq: z.int(),
  kept: sha256Hex,
  shown: sha256Hex.nullable(),
  atMs: z.int(),
  /** Who looked into it and took the new trail for good, and why; null as long as nobody has. */
  accepted: z.object({ reason: z.string(), approver: z.string(), atMs: z.int() }).nullable(),
});
export type AuditBreak = z.infer<typeof auditBreak>;

/** So many of the heads kept are told, the newest. */
export const MAX_AUDIT_HEADS = 1000;

/** `GET /v1/audit`: what is kept of the asking station's trail, heads and breaks newest first. */
export const auditReply = z.object({
  head: auditHead.nullable(),
  heads: z.array(auditHead).max(MAX_AUDIT_HEADS),
  breaks: z.array(auditBreak),
});
export type AuditReply = z.infer<typeof auditReply>;

/** Comes with the answer to events that brought a claim: the head kept now, and whether a break stands open. */
export const auditAnswer = z.object({ head: auditHead.nullable(), broken: z.boolean() });
export type AuditAnswer = z.infer<typeof auditAnswer>;
