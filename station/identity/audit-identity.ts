import type { AuditReport, PoolCounts } from '#shared/contract/index.ts';
import { IDENTITY_STATES, type IdentityState } from '#shared/domain/identity.ts';
import type { ReadableDatabase } from '../core/database/index.ts';

/** Counts triples by state over all products and searches for violations of the ledger's rules. */
export function auditIdentity(database: ReadableDatabase): AuditReport {
  const total: Partial<Record<IdentityState, number>> = {};
  for (const { states } of database.triples.countByState())
    for (const state of IDENTITY_STATES) total[state] = (total[state] ?? 0) + states[state];
  return { ...toPoolCounts(total), violations: database.findViolations() };
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
    returned: states.returned ?? 0,
  };
}
