import { z } from 'zod';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, timeMs, unitIdView } from './common.ts';

/** The triples of the station (三元组池) by state, and violated identity invariants. Never a secret. */
export const poolCounts = z.object({
  available: z.int(),
  claimed: z.int(),
  burning: z.int(),
  burned: z.int(),
  registered: z.int(),
  inDoubt: z.int(),
  quarantined: z.int(),
  retired: z.int(),
  /** Returned to the registry; the station has them no more. */
  returned: z.int().optional(),
});
export type PoolCounts = z.infer<typeof poolCounts>;

export const poolState = z.object({
  /** Per product, sorted by ProductId. */
  products: z.array(
    z.object({
      productId: z.string(),
      counts: poolCounts,
      /** Available triples that are bound to one unit by its MAC or serial number. */
      bound: z.int().optional(),
      /** Triples claimed per hour over the last hours. */
      perHour: z.number().optional(),
      /** The triples that `emptyInMs` refers to: all available ones, or those without a bound unit. */
      emptyOf: z.enum(['all', 'free']).optional(),
      /** Time until they are used up at that rate; null when none is used. */
      emptyInMs: z.int().nullable().optional(),
      /** True when the triples will be used up within the hour. */
      emptySoon: z.boolean().optional(),
    }),
  ),
});
export type PoolState = z.infer<typeof poolState>;

export const auditReport = poolCounts.extend({ violations: z.array(z.string()) });
export type AuditReport = z.infer<typeof auditReport>;

/** The states that only a reading of the unit, or a decision of a person, can end. */
export const UNRESOLVED_STATES = ['in-doubt', 'quarantined'] as const;
export type UnresolvedIdentityState = (typeof UNRESOLVED_STATES)[number];

export const unresolvedIdentity = z.object({
  productId: z.string(),
  deviceName: z.string(),
  state: z.enum(UNRESOLVED_STATES),
  /** The unit that it is bound to; null for a triple that no unit has. */
  chipId: z.string().nullable(),
  unitId: unitIdView,
  serialNumber: z.string().nullable(),
  /** Since when, and the note of the ledger. Never a secret. */
  atMs: timeMs,
  note: z.string(),
});
export type UnresolvedIdentity = z.infer<typeof unresolvedIdentity>;

/** The most identities of a page of the list. */
export const UNRESOLVED_PAGE = 50;

export const identityCalls = {
  /** Identities in doubt or in quarantine, in the order in which they came to the station, after the cursor `after`. */
  'identity.unresolved': call(
    ['support', 'engineer'],
    z.strictObject({ state: z.enum(UNRESOLVED_STATES), after: z.int().nullable() }),
    z.object({ identities: z.array(unresolvedIdentity), next: z.int().nullable() }),
    { automatic: true, atOnce: false },
  ),
  'identity.audit': call(['support', 'engineer'], empty, auditReport, { automatic: false, atOnce: false }),
};

export const identityTopics = {
  pool: topic(EVERYONE, { snapshot: poolState, delta: poolState, apply: (_, next) => next }),
};
