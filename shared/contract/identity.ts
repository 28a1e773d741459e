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
  /** Given back to the registry; no longer the station's. */
  returned: z.int().optional(),
});
export type PoolCounts = z.infer<typeof poolCounts>;

export const poolState = z.object({
  /** Per product, sorted by ProductId. */
  products: z.array(
    z.object({
      productId: z.string(),
      counts: poolCounts,
      /** Of the available ones, those that are for one unit each, by its MAC or serial number. */
      bound: z.int().optional(),
      /** Triples claimed per hour, from the claims of the last hours; 0 when there were none. */
      perHour: z.number().optional(),
      /** What `emptyInMs` is about: all available ones, or those that any unit may have. */
      emptyOf: z.enum(['all', 'free']).optional(),
      /** How long they last at that rate; null when none is consumed. */
      emptyInMs: z.int().nullable().optional(),
      /** The line will stop for want of triples within the hour. */
      emptySoon: z.boolean().optional(),
    }),
  ),
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
