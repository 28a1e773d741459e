import {
  type AuditClaimReply,
  type AuditClaim,
  type AuditTrailReply,
  MAX_AUDIT_HEADS,
} from '#shared/registry-api/index.ts';
import type { Store } from './store/index.ts';

/**
 * Compares a station's claim about its audit trail with the stored head, and stores the new head. A trail without the newest
 * stored head is a break, which stays recorded and is open until a person accepts it with a reason. Events of the same
 * request are applied, because a break does not make a result wrong.
 *
 * A claim about a head other than the newest was sent before the station had the last reply. It is ignored; the next claim is
 * compared.
 */
export function compareHead(
  store: Store,
  station: string,
  claim: AuditClaim,
  nowMs: number,
): AuditClaimReply {
  return store.write(() => {
    const newest = store.audit.newest(station);
    const { head, seen } = claim;
    if ((seen?.seq ?? null) === (newest?.seq ?? null)) {
      if (newest !== null && seen?.hash !== newest.hash) {
        const branch = store.audit.addBreak(station, newest.seq, newest.hash, seen?.hash ?? null, nowMs);
        if (head.seq > 0) store.audit.addHead(station, branch, head, nowMs);
      } else if (head.seq > (newest?.seq ?? 0)) {
        store.audit.addHead(station, store.audit.currentBranch(station), head, nowMs);
      }
    }
    return { head: headOf(store, station), broken: store.audit.openBreaks(station) > 0 };
  });
}

/** The stored heads and breaks of a station's trail. */
export function auditOf(store: Store, station: string): AuditTrailReply {
  const newest = store.audit.newest(station);
  const heads = newest === null ? [] : store.audit.heads(station, newest.branch, MAX_AUDIT_HEADS);
  return { head: headOf(store, station), heads, breaks: store.audit.breaks(station) };
}

function headOf(store: Store, station: string): AuditTrailReply['head'] {
  const newest = store.audit.newest(station);
  return newest === null ? null : { seq: newest.seq, hash: newest.hash };
}
