import { z } from 'zod';
import { call, topic } from '../rpc/contract.ts';
import { empty } from './common.ts';
import { EVERYONE } from './common.ts';

/** The pool of triples (三元组池) by state, and whether every invariant of identity holds. Never a secret. */
export const poolCounts = z.object({
  available: z.int(),
  claimed: z.int(),
  burning: z.int(),
  burned: z.int(),
  registered: z.int(),
  inDoubt: z.int(),
  quarantined: z.int(),
  retired: z.int(),
});
export type PoolCounts = z.infer<typeof poolCounts>;

export const poolState = z.object({
  /** Per product, sorted by ProductId. */
  products: z.array(z.object({ productId: z.string(), counts: poolCounts })),
});
export type PoolState = z.infer<typeof poolState>;

export const auditReport = poolCounts.extend({ violations: z.array(z.string()) });
export type AuditReport = z.infer<typeof auditReport>;

export const identityCalls = {
  'identity.audit': call(['support', 'engineer'], empty, auditReport),
};

export const identityTopics = {
  pool: topic(EVERYONE, { snapshot: poolState, delta: poolState, apply: (_, next) => next }),
};
