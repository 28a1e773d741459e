import { Fault } from '#shared/domain/fault.ts';
import type { LeaseRow, Store } from '../store/index.ts';
import { checkedDecision, type Decision } from './decision.ts';

const DECIDED = 'a lease is decided about';

/**
 * Gives a lease up whose station is gone: what of it is not bound, retired or returned can be bound by nobody any more
 * and may not log in, and events of it are refused with this reason should the station come back. Returns how many
 * devices that are. Faults: `not-found`, `bad-input` when it is in quarantine already.
 */
export function quarantineLease(store: Store, leaseId: string, decision: Decision, nowMs: number): number {
  const { reason, approver } = checkedDecision(decision, DECIDED);
  return store.write(() => {
    const lease = leaseOf(store, leaseId);
    if (lease.quarantinedBy !== null)
      throw new Fault('bad-input', `${quarantineReason(store, lease.quarantinedBy)} already`, {
        hint: 'Nothing was changed.',
      });
    return store.leases.quarantine(lease, reason, approver, nowMs);
  });
}

/**
 * Gives a lease back to its station, which was found alive. What it tells of the lease is taken again, once more sent.
 * Returns how many devices that are. Faults: `not-found`, `bad-input` when it is not in quarantine.
 */
export function restoreLease(store: Store, leaseId: string, decision: Decision, nowMs: number): number {
  const { reason, approver } = checkedDecision(decision, DECIDED);
  return store.write(() => {
    const lease = leaseOf(store, leaseId);
    if (lease.quarantinedBy === null)
      throw new Fault('bad-input', `lease ${leaseId} is not in quarantine`, { hint: 'Nothing was changed.' });
    return store.leases.restore(lease, reason, approver, nowMs);
  });
}

/** The act in words, for whoever is refused by it. */
export function quarantineReason(store: Store, actId: number): string {
  const act = store.leases.act(actId);
  const lease = act === null ? null : store.leases.byId(act.leaseId);
  if (act === null || lease === null) return 'its lease was put in quarantine';
  return `lease ${act.leaseId} of ${lease.station} was put in quarantine by ${act.approver} (${act.reason})`;
}

function leaseOf(store: Store, leaseId: string): LeaseRow {
  const lease = store.leases.byId(leaseId);
  if (lease !== null) return lease;
  throw new Fault('not-found', `there is no lease ${leaseId}`, {
    hint: 'List them with "registry lease list".',
  });
}
