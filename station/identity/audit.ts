import type { AuditReport, PoolCounts } from '#shared/contract/index.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { Store } from '../store/index.ts';

/** Counts triples by state over all products and looks for anything that must never be. */
export function auditIdentity(store: Store): AuditReport {
  const total: PoolCounts = toPoolCounts({});
  for (const { states } of store.triples.counts()) {
    const counts = toPoolCounts(states);
    for (const key of Object.keys(total) as (keyof PoolCounts)[]) total[key] += counts[key];
  }
  return { ...total, violations: store.findViolations() };
}

export function toPoolCounts(states: Partial<Record<IdentityState, number>>): PoolCounts {
  return {
    available: states.available ?? 0,
    claimed: states.claimed ?? 0,
    burning: states.burning ?? 0,
    burned: states.burned ?? 0,
    registered: states.registered ?? 0,
    inDoubt: states['in-doubt'] ?? 0,
    quarantined: states.quarantined ?? 0,
    retired: states.retired ?? 0,
  };
}
