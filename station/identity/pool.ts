import type { PoolState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../audit/index.ts';
import type { Platform } from '../platform/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import { toPoolCounts } from './audit.ts';
import { importTriples, type ImportOptions, type ImportReport } from './import-triples.ts';
import { ownerOf, type Vault } from './vault.ts';

export type { ImportOptions, ImportReport } from './import-triples.ts';

/** Where triples come from: a file, or a block leased from the registry for work offline. */
export interface Pool {
  state(): PoolState;
  /** All rows or none; see `ImportReport`. Faults: `csv-invalid`, `file-missing`, `disk-full`. */
  importCsv(path: string, options: ImportOptions, signal: AbortSignal): Promise<ImportReport>;
  /**
   * Asks the registry for `count` triples. A question whose answer was lost earlier is asked again first, with its
   * own id, so that nothing is leased twice and nothing is lost; what it brings counts, so that asking again after a
   * failure does not bring twice as many. Returns how many triples arrived.
   */
  lease(productId: string, count: number, signal: AbortSignal, by?: Actor): Promise<number>;
}

export interface PoolParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly registry: () => RegistryClient | null;
  readonly onChange: () => void;
}

export function createPool(parts: PoolParts): Pool {
  const { store, vault, platform, audit } = parts;

  async function fetchLease(
    requestId: string,
    productId: string,
    count: number,
    signal: AbortSignal,
    by: Actor,
  ): Promise<number> {
    const registry = parts.registry();
    if (registry === null) {
      throw new Fault('not-configured', 'this station is bound to no registry', {
        hint: 'Bind it with "station configure --registry URL --token T".',
      });
    }
    const reply = await registry.lease({ requestId, productId, count }, signal).catch((error: unknown) => {
      // The registry has said no: there is no block behind this id.
      if (error instanceof Fault && (error.code === 'registry-refused' || error.code === 'pool-empty'))
        store.transaction(() => store.leases.drop(requestId));
      throw error;
    });
    const at = platform.clock.nowMs();
    const rows = reply.triples.map(({ deviceName, deviceSecret }) => ({
      productId: reply.productId,
      deviceName,
      sealed: vault.seal(deviceSecret, ownerOf({ productId: reply.productId, deviceName })),
      source: 'lease',
      lease: requestId,
    }));
    return store.transaction(() => {
      const added = rows.filter((row) => store.triples.add(row, at)).length;
      store.leases.hold(requestId, reply.leaseId, at);
      audit.note(by, 'pool.lease', reply.leaseId, { productId: reply.productId, count, added });
      return added;
    });
  }

  return {
    state: () => ({
      products: store.triples
        .counts()
        .map(({ productId, states }) => ({ productId, counts: toPoolCounts(states) })),
    }),
    async importCsv(path, options, signal) {
      const report = await importTriples(path, options, { store, vault, platform, audit }, signal);
      if (report.added > 0) parts.onChange();
      return report;
    },
    async lease(productId, count, signal, by = STATION_ITSELF) {
      let arrived = 0;
      for (const open of store.leases.unanswered()) {
        const brought = await fetchLease(open.requestId, open.productId, open.count, signal, by);
        if (open.productId === productId) arrived += brought;
      }
      if (arrived >= count) {
        parts.onChange();
        return arrived;
      }
      const missing = count - arrived;
      const requestId = platform.random.id();
      store.transaction(() => store.leases.ask(requestId, productId, missing, platform.clock.nowMs()));
      arrived += await fetchLease(requestId, productId, missing, signal, by);
      parts.onChange();
      return arrived;
    },
  };
}
