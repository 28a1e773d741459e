import type { PoolState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Actor, type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { toPoolCounts } from '../audit-identity.ts';
import { CONSUMPTION_WINDOWS_MS, consumptionOf } from './consumption.ts';
import { type Returned, withdrawUnused, reportReturns } from './return-unused.ts';
import { importTriples, type ImportOptions, type ImportReport } from '../import/import-triples.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { ownerOf, type Vault } from '../vault/vault.ts';

export type { ImportOptions, ImportReport } from '../import/import-triples.ts';

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
  /**
   * Gives every leased triple that was never claimed back to the registry, of one product or of all. Whatever happens
   * on the way, no unit gets one of them any more, and the registry is told until it has answered: at each call of
   * this and of `settle`. Faults: those of the registry.
   */
  giveBack(productId: string | null, signal: AbortSignal, by?: Actor): Promise<Returned>;
  /** Tells the registry of what is still on its way back. Faults: those of the registry. */
  reportReturns(registry: RegistryClient, signal: AbortSignal): Promise<void>;
}

export interface PoolParts {
  readonly database: WritableDatabase;
  readonly vault: Vault;
  readonly secretDigest: SecretDigest;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly registry: () => RegistryClient | null;
  readonly onChange: () => void;
}

export function createPool(parts: PoolParts): Pool {
  const { database, vault, secretDigest, platform, audit } = parts;
  const { log } = platform;

  /** Products whose pool was said to be running low, so that it is said once. */
  const low = new Set<string>();

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
      if (emptySoon && !low.has(productId))
        log.warn('pool.empty-soon', { productId, available: counts.available, perHour });
      if (emptySoon) low.add(productId);
      else low.delete(productId);
    }
    return { products };
  }

  function theRegistry(): RegistryClient {
    const registry = parts.registry();
    if (registry !== null) return registry;
    throw new Fault('not-configured', 'this station is bound to no registry', {
      hint: 'Bind it with "station configure --registry URL --token-file FILE".',
    });
  }

  /** Asks once more for every block whose answer was lost; tells each that came. */
  async function fetchUnanswered(
    signal: AbortSignal,
    by: Actor,
    came: (productId: string, added: number) => void,
  ): Promise<void> {
    for (const open of database.leases.listUnanswered())
      came(open.productId, await fetchLease(open.requestId, open.productId, open.count, signal, by));
  }

  async function fetchLease(
    requestId: string,
    productId: string,
    count: number,
    signal: AbortSignal,
    by: Actor,
  ): Promise<number> {
    using reply = await theRegistry()
      .lease({ requestId, productId, count }, signal)
      .catch((error: unknown) => {
        if (error instanceof Fault && isNoBlock(error))
          database.transaction(() => database.leases.removeRequest(requestId));
        throw error;
      });
    const at = platform.clock.nowMs();
    const rows = reply.triples.map(({ deviceName, deviceSecret }) => ({
      productId: reply.productId,
      deviceName,
      sealed: vault.sealBytes(deviceSecret, ownerOf({ productId: reply.productId, deviceName })),
      secretDigest: secretDigest(deviceSecret),
      source: 'lease',
      lease: requestId,
    }));
    return database.transaction(() => {
      const told = rows.map((row) => ({ row, done: database.triples.add(row, at) }));
      const added = told.filter(({ done }) => done === 'added').length;
      const namesOf = (what: string): string =>
        told.flatMap(({ row, done }) => (done === what ? [row.deviceName] : [])).join(' ');
      const [twins, contradicted] = [namesOf('twin'), namesOf('contradicted')];
      database.leases.setHeld(requestId, reply.leaseId, at);
      const noted = { productId: reply.productId, count, added };
      audit.record(by, 'pool.lease', reply.leaseId, {
        ...noted,
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
    async importCsv(path, options, signal) {
      const report = await importTriples(
        path,
        options,
        { database, vault, secretDigest, platform, audit },
        signal,
      );
      if (report.added > 0) parts.onChange();
      return report;
    },
    async lease(productId, count, signal, by = STATION_ITSELF) {
      let arrived = 0;
      await fetchUnanswered(signal, by, (product, added) => {
        if (product === productId) arrived += added;
      });
      if (arrived >= count) {
        parts.onChange();
        return arrived;
      }
      const missing = count - arrived;
      const requestId = platform.random.id();
      database.transaction(() =>
        database.leases.addRequest(requestId, productId, missing, platform.clock.nowMs()),
      );
      arrived += await fetchLease(requestId, productId, missing, signal, by);
      parts.onChange();
      return arrived;
    },
    async giveBack(productId, signal, by = STATION_ITSELF) {
      const out = { database, platform, audit };
      try {
        // First what is here, also when nobody can be asked; then what the registry thinks is here.
        withdrawUnused(out, productId, by);
        await fetchUnanswered(signal, by, () => withdrawUnused(out, productId, by));
        return await reportReturns(out, theRegistry(), by, signal);
      } finally {
        parts.onChange();
      }
    },
    async reportReturns(registry, signal) {
      if (database.leases.listOpenReturns().length === 0) return;
      await reportReturns({ database, platform, audit }, registry, STATION_ITSELF, signal);
      parts.onChange();
    },
  };
}

/**
 * The registry has said no: there is no block behind this id. Not when it did not believe who asks: then it has not looked,
 * and there may be one from before, whose answer was lost.
 */
function isNoBlock({ code, details }: Fault): boolean {
  const isStranger = details['code'] === 'unauthorized' || details['code'] === 'forbidden';
  return code === 'pool-empty' || (code === 'registry-refused' && !isStranger);
}
