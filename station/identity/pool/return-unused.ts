import { ledgerNote } from '#shared/domain/ledger-note.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { LeaseReturnReply } from '#shared/registry-api/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

export interface ReturnUnusedOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
}

type Refused = LeaseReturnReply['refused'][number];

/** The registry's replies to returned triples. */
export interface ReturnedTriples {
  readonly returned: number;
  /** Triples that the registry did not take back, because a unit holds them or they are not of that lease. Quarantined here. */
  readonly refused: readonly Refused[];
}

/**
 * Marks every leased triple that was never claimed as returned, of one product or of all. No unit gets it after that, even
 * before the registry has replied. Returns how many.
 */
export function withdrawUnused(options: ReturnUnusedOptions, productId: string | null, by: Actor): number {
  const { database, platform, audit } = options;
  return database.transaction(() => {
    const at = platform.clock.nowMs();
    let count = 0;
    for (const lease of database.leases.listHeld()) {
      if (productId !== null && lease.productId !== productId) continue;
      const unused = database.triples.listNeverClaimed(lease.requestId);
      if (unused.length === 0) continue;
      const returnId = platform.random.id();
      database.leases.addReturn(returnId, lease.requestId, at);
      for (const triple of unused)
        database.triples.giveBack(triple, returnId, { at, runId: null, note: ledgerNote('givenBack') });
      audit.record(by, 'pool.return', returnId, {
        leaseId: lease.leaseId,
        productId: lease.productId,
        count: unused.length,
      });
      count += unused.length;
    }
    return count;
  });
}

/** How many leased triples were never claimed, per product, sorted by ProductId. */
export function countUnusedLeased(
  database: WritableDatabase,
): { readonly productId: string; readonly triples: number }[] {
  const counts = new Map<string, number>();
  for (const { productId, requestId } of database.leases.listHeld()) {
    const unused = database.triples.listNeverClaimed(requestId).length;
    if (unused > 0) counts.set(productId, (counts.get(productId) ?? 0) + unused);
  }
  return [...counts]
    .map(([productId, triples]) => ({ productId, triples }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/**
 * Reports returned triples to the registry until it has replied to each. A call after a lost reply repeats the report.
 * Faults: those of `RegistryClient`.
 */
export async function reportReturns(
  options: ReturnUnusedOptions,
  registry: RegistryClient,
  by: Actor,
  signal: AbortSignal,
): Promise<ReturnedTriples> {
  const { database } = options;
  const refused: Refused[] = [];
  let returned = 0;
  for (const open of database.leases.listOpenReturns()) {
    // A triple that was leased again since is not among them: the registry had taken it back.
    const names = database.triples.listOfReturn(open.returnId).map((triple) => triple.deviceName);
    const reply =
      names.length === 0
        ? { returned: [], refused: [] }
        : await registry
            .returnLease(open.leaseId, names, signal)
            .catch((error: unknown) => unknownLease(error, open.leaseId, names));
    const answered = new Set([...reply.returned, ...reply.refused.map(({ deviceName }) => deviceName)]);
    const missing = names.find((name) => !answered.has(name));
    if (missing !== undefined)
      throw new Fault('registry-refused', `the registry did not answer for ${missing}`, {
        hint: 'Check that the registry is not older than this station.',
      });
    recordReply(options, open, reply.refused, by);
    returned += names.length - reply.refused.length;
    refused.push(...reply.refused);
  }
  return { returned, refused };
}

/**
 * A registry that does not know the lease, because it was restored from an older backup or is another one, never takes its
 * triples back. Repeated reports would block all others.
 */
function unknownLease(
  error: unknown,
  leaseId: string,
  names: readonly string[],
): Pick<LeaseReturnReply, 'returned' | 'refused'> {
  if (!(error instanceof Fault) || error.details['code'] !== 'not-found') throw error;
  const reason = `the registry does not know lease ${leaseId}`;
  return {
    returned: [],
    refused: names.map((deviceName) => ({ deviceName, code: 'not-in-lease', reason })),
  };
}

/** Triples that the registry did not take back are quarantined, or retired when the registry has them as retired. */
function recordReply(
  { database, platform, audit }: ReturnUnusedOptions,
  { returnId, productId }: { readonly returnId: string; readonly productId: string },
  refused: readonly Refused[],
  by: Actor,
): void {
  database.transaction(() => {
    const at = platform.clock.nowMs();
    for (const { deviceName, code, reason } of refused) {
      const triple = database.triples.findByName(productId, deviceName);
      if (triple?.state !== 'returned') continue;
      const note = ledgerNote('notTakenBack', { reason });
      database.triples.applyEvent(triple, code === 'retired' ? 'retire' : 'conflict', {
        at,
        runId: null,
        note,
      });
    }
    database.leases.completeReturn(returnId, at);
    if (refused.length > 0) audit.record(by, 'pool.return-refused', returnId, { refused: refused.length });
  });
}
