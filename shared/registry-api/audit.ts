import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/**
 * The head of a station's audit trail: the number of entries and the hash of the last one. With it a later change, removal
 * or reordering of entries up to there is detected.
 */
export const auditHead = z.object({ seq: z.int().min(0), hash: sha256Hex });
export type AuditHead = z.infer<typeof auditHead>;

/**
 * A station's claim about its trail, sent with its events and to `POST /v1/audit`. `seen` is the newest head of the registry
 * that the station knows, with the hash of the station's own trail there (null: the trail is shorter); null when the registry
 * has none. A claim whose `seen` is not the newest head of the registry is outdated and is ignored.
 */
export const auditClaim = z.object({
  head: auditHead,
  seen: z.object({ seq: z.int().min(1), hash: sha256Hex.nullable() }).nullable(),
});
export type AuditClaim = z.infer<typeof auditClaim>;

/**
 * A break: the trail did not contain a stored head. `kept` is the hash that the registry has stored, `shown` the one that the
 * station presented instead; null when the trail was cut.
 */
export const auditBreak = z.object({
  breakId: z.int(),
  seq: z.int(),
  kept: sha256Hex,
  shown: sha256Hex.nullable(),
  atMs: z.int(),
  /** Who accepted the new trail, and why; null while the break is open. */
  accepted: z.object({ reason: z.string(), approver: z.string(), atMs: z.int() }).nullable(),
});
export type AuditBreak = z.infer<typeof auditBreak>;

/** The number of newest heads in the answer. */
export const MAX_AUDIT_HEADS = 1000;

/** `GET /v1/audit`: heads and breaks of the requesting station's trail, newest first. */
export const auditTrailReply = z.object({
  head: auditHead.nullable(),
  heads: z.array(auditHead).max(MAX_AUDIT_HEADS),
  breaks: z.array(auditBreak),
});
export type AuditTrailReply = z.infer<typeof auditTrailReply>;

/** Part of the answer to events with a claim: the stored head, and whether a break is open. */
export const auditClaimReply = z.object({ head: auditHead.nullable(), broken: z.boolean() });
export type AuditClaimReply = z.infer<typeof auditClaimReply>;
