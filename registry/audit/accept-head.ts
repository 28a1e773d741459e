import {
  type AuditAnswer,
  type AuditClaim,
  type AuditReply,
  MAX_AUDIT_HEADS,
} from '#shared/registry-api/index.ts';
import type { Store } from '../store/index.ts';

/**
 * Compares what a station says of its audit trail with what was kept of it, and keeps its new head. A trail that no
 * longer contains the newest head is a break: recorded for good, until somebody accepts it with a reason. The
 * station's events are taken all the same, because a result is no less true for what was done to the trail beside it.
 *
 * A claim about another head than the newest was sent before the station had heard of that one (a reply got lost, the
 * network delivered late): it says nothing, and the next one does.
 */
export function acceptHead(store: Store, station: string, claim: AuditClaim, nowMs: number): AuditAnswer {
  return store.write(() => {
    const newest = store.audit.newest(station);
    const { head, seen } = claim;
    if ((seen?.seq ?? null) === (newest?.seq ?? null)) {
      if (newest !== null && seen?.hash !== newest.hash) {
        const branch = store.audit.addBreak(station, newest.seq, newest.hash, seen?.hash ?? null, nowMs);
        if (head.seq > 0) store.audit.keep(station, branch, head, nowMs);
      } else if (head.seq > (newest?.seq ?? 0)) {
        store.audit.keep(station, newest?.branch ?? branchAfterBreaks(store, station), head, nowMs);
      }
    }
    return { head: headOf(store, station), broken: store.audit.openBreaks(station) > 0 };
  });
}

/** What is kept of a station's trail. */
export function auditOf(store: Store, station: string): AuditReply {
  const newest = store.audit.newest(station);
  const heads = newest === null ? [] : store.audit.heads(station, newest.branch, MAX_AUDIT_HEADS);
  return { head: headOf(store, station), heads, breaks: store.audit.breaks(station) };
}

function headOf(store: Store, station: string): AuditReply['head'] {
  const newest = store.audit.newest(station);
  return newest === null ? null : { seq: newest.seq, hash: newest.hash };
}

/** A trail that was empty after its last break begins to grow. */
function branchAfterBreaks(store: Store, station: string): number {
  return store.audit.breaks(station)[0]?.breakId ?? 0;
}
