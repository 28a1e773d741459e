import { Fault } from '#shared/domain/fault.ts';
import type { LeaseRow, Store } from '../store/index.ts';

const REQUIRED = 'a lease is quarantined or restored';

/**
 * Quarantines a lease whose station is lost: its devices that are not bound, retired or returned cannot be bound and may not log
 * in, and events about them are rejected with this reason. Returns the number of devices.
 * Faults: `not-found`, `bad-input` when it is quarantined already.
 */
export function quarantineLease(store: Store, leaseId: string, decision: Decision, nowMs: number): number {
  const { reason, approver } = requireDecision(decision, REQUIRED);
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
 * Ends the quarantine of a lease. The station can send its rejected events again. Returns the number of devices.
 * Faults: `not-found`, `bad-input` when it is not quarantined.
 */
export function restoreLease(store: Store, leaseId: string, decision: Decision, nowMs: number): number {
  const { reason, approver } = requireDecision(decision, REQUIRED);
  return store.write(() => {
    const lease = leaseOf(store, leaseId);
    if (lease.quarantinedBy === null)
      throw new Fault('bad-input', `lease ${leaseId} is not in quarantine`, { hint: 'Nothing was changed.' });
    return store.leases.restore(lease, reason, approver, nowMs);
  });
}

/** Text of a quarantine, for messages. */
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

/** Reason and approver of a decision about leases. */
export interface Decision {
  readonly reason: string;
  readonly approver: string;
}

/** Faults: `bad-input`. */
export function requireDecision({ reason, approver }: Decision, action: string): Decision {
  if (reason.trim() !== '' && approver.trim() !== '')
    return { reason: reason.trim(), approver: approver.trim() };
  throw new Fault('bad-input', `${action} with a reason and an approver`, {
    hint: 'Give both; they are recorded.',
  });
}
