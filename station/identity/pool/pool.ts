import type { PoolState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { type LeaseRequest, type RegistryClient, requireRegistry } from '../../registry-sync/client/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { toPoolCounts } from '../audit-identity.ts';
import { CONSUMPTION_WINDOWS_MS, consumptionOf } from './consumption.ts';
import { type ReturnedTriples, reportReturns, withdrawUnused } from './return-unused.ts';
import { importTriples, type ImportOptions, type ImportReport } from '../import/import-triples.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { ownerOf, type Vault } from '../vault/vault.ts';

export type { ImportOptions, ImportReport } from '../import/import-triples.ts';

/** The triples of this station: imported from a file, or leased from the registry in blocks for work offline. */
export interface Pool {
  state(): PoolState;
  /** See `importTriples`. */
  importCsv(path: string, options: ImportOptions, by: Actor, signal: AbortSignal): Promise<ImportReport>;
  /**
   * Leases `count` triples from the registry. Requests whose reply was lost are repeated first, with their own ids, and
   * their triples count: a repeated call leases no more than `count`. Returns how many triples arrived.
   * Faults: `not-configured`, `pool-empty`, those of `RegistryClient`.
   */
  lease(productId: string, count: number, by: Actor, signal: AbortSignal): Promise<number>;
  /**
   * Returns every leased triple that was never claimed to the registry, of one product or of all. No unit gets one of them
   * after that, also when the call fails; each call of this and of `reportReturns` repeats the report until the registry
   * has replied. Faults: `not-configured`, those of `RegistryClient`.
   */
  giveBack(productId: string | null, by: Actor, signal: AbortSignal): Promise<ReturnedTriples>;
  /** Reports returned triples to which the registry has not replied yet. Faults: those of `RegistryClient`. */
  reportReturns(registry: RegistryClient, signal: AbortSignal): Promise<void>;
}

export interface PoolOptions {
  readonly database: WritableDatabase;
  readonly vault: Vault;
  readonly secretDigest: SecretDigest;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly registry: () => RegistryClient | null;
  readonly onChange: () => void;
}

export function createPool(parts: PoolOptions): Pool {
  const { database, vault, secretDigest, platform, audit } = parts;
  const { log } = platform;

  /** Products whose pool is logged as running low, so that it is logged once. */
  const lowProducts = new Set<string>();

  function state(): PoolState {
    const now = platform.clock.nowMs();
    const windows = CONSUMPTION_WINDOWS_MS.map(
      (lengthMs) =>
        new Map(database.triples.countClaims(now - lengthMs, now).map((row) => [row.productId, row])),
    );
    const boundOf = database.triples.countBoundAvailable();
    const products = database.triples.countByState().map(({ productId, states }) => {
      const counts = toPoolCounts(states);
      const bound = boundOf.get(productId) ?? 0;
      const claimed = windows.map((window) => window.get(productId));
      return { productId, counts, bound, ...consumptionOf(claimed, counts.available, now, bound) };
    });
    for (const { productId, counts, perHour, emptySoon } of products) {
      if (emptySoon && !lowProducts.has(productId))
        log.warn('pool.empty-soon', { productId, available: counts.available, perHour });
      if (emptySoon) lowProducts.add(productId);
      else lowProducts.delete(productId);
    }
    return { products };
  }

  /** Repeats every lease request without a reply; calls `onLeased` after each. */
  async function repeatUnanswered(
    onLeased: (productId: string, added: number) => void,
    by: Actor,
    signal: AbortSignal,
  ): Promise<void> {
    for (const request of database.leases.listUnanswered())
      onLeased(request.productId, await requestLease(request, by, signal));
  }

  /** Returns how many triples were new. */
  async function requestLease(
    { requestId, productId, count }: LeaseRequest,
    by: Actor,
    signal: AbortSignal,
  ): Promise<number> {
    using reply = await requireRegistry(parts.registry())
      .lease({ requestId, productId, count }, signal)
      .catch((error: unknown) => {
        if (error instanceof Fault && isNotLeased(error))
          database.transaction(() => database.leases.removeRequest(requestId));
        throw error;
      });
    const nowMs = platform.clock.nowMs();
    const rows = reply.triples.map(({ deviceName, deviceSecret }) => ({
      productId: reply.productId,
      deviceName,
      sealed: vault.sealBytes(deviceSecret, ownerOf({ productId: reply.productId, deviceName })),
      secretDigest: secretDigest(deviceSecret),
      source: 'lease',
      lease: requestId,
    }));
    return database.transaction(() => {
      const results = rows.map((row) => ({ row, result: database.triples.add(row, nowMs) }));
      const added = results.filter(({ result }) => result === 'added').length;
      const namesOf = (wanted: string): string =>
        results.flatMap(({ row, result }) => (result === wanted ? [row.deviceName] : [])).join(' ');
      const [twins, contradicted] = [namesOf('twin'), namesOf('contradicted')];
      database.leases.setHeld(requestId, reply.leaseId, nowMs);
      audit.record(by, 'pool.lease', reply.leaseId, {
        productId: reply.productId,
        count,
        added,
        ...(twins === '' ? {} : { twins }),
        ...(contradicted === '' ? {} : { contradicted }),
      });
      if (twins !== '') log.warn('pool.one-secret-twice', { lease: reply.leaseId, names: twins });
      if (contradicted !== '')
        log.warn('pool.secret-contradicted', { lease: reply.leaseId, names: contradicted });
      return added;
    });
  }

  return {
    state,
    async importCsv(path, options, by, signal) {
      const importParts = { database, vault, secretDigest, platform, audit };
      const report = await importTriples(path, options, importParts, by, signal);
      if (report.added > 0) parts.onChange();
      return report;
    },
    async lease(productId, count, by, signal) {
      let arrived = 0;
      const onLeased = (product: string, added: number): void => {
        if (product === productId) arrived += added;
      };
      await repeatUnanswered(onLeased, by, signal);
      if (arrived >= count) {
        parts.onChange();
        return arrived;
      }
      const missing = count - arrived;
      const requestId = platform.random.id();
      database.transaction(() =>
        database.leases.addRequest(requestId, productId, missing, platform.clock.nowMs()),
      );
      arrived += await requestLease({ requestId, productId, count: missing }, by, signal);
      parts.onChange();
      return arrived;
    },
    async giveBack(productId, by, signal) {
      const withdraw = (): number => withdrawUnused(parts, productId, by);
      try {
        // Before the first request, so that no unit gets them when the registry is unreachable.
        withdraw();
        await repeatUnanswered(withdraw, by, signal);
        return await reportReturns(parts, requireRegistry(parts.registry()), by, signal);
      } finally {
        parts.onChange();
      }
    },
    async reportReturns(registry, signal) {
      if (database.leases.listOpenReturns().length === 0) return;
      await reportReturns(parts, registry, STATION_ITSELF, signal);
      parts.onChange();
    },
  };
}

/**
 * The registry has refused, and has no lease of this request. When it did not accept the token it has not looked, and may
 * have a lease whose reply was lost.
 */
function isNotLeased({ code, details }: Fault): boolean {
  const isTokenRefused = details['code'] === 'unauthorized' || details['code'] === 'forbidden';
  return code === 'pool-empty' || (code === 'registry-refused' && !isTokenRefused);
}
