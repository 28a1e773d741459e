import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import type { AuditBreak, LeaseView, StationRight } from '#shared/registry-api/index.ts';
import {
  type Decision,
  type Withheld,
  withholdUnleased,
  quarantineLease,
  restoreLease,
} from '../leases/index.ts';
import { openVault, type Vault } from '../secrets/index.ts';
import { addStation, knownStations, type KnownStation, revokeStation, setRights } from '../stations/index.ts';
import { asRegistryFault, openStore, type Store } from '../store/index.ts';
import { fillDigests } from './fill-digests.ts';
import { seedProduct, type SeedRequest, type SeedResult } from './seed-product.ts';

/** The registry's data without its service: for `registry seed`, `audit` and `lease`, while the service runs or not. */
export interface RegistryStore extends Disposable {
  seedProduct(request: SeedRequest): SeedResult;
  /** The audit trail of every station, as far as it was seen, with what of it was ever found to be rewritten. */
  trails(): Trail[];
  /** Takes what a station's trail is now for good; returns how many open breaks that closes. */
  acceptTrail(station: string, reason: string, approver: string): number;
  /** Every lease of every station, newest first. */
  leases(): LeaseOverview[];
  /** See `registry/leases`; faults as there. */
  quarantineLease(leaseId: string, decision: Decision): number;
  restoreLease(leaseId: string, decision: Decision): number;
  withholdUnleased(decision: Decision): Withheld;
  /** Makes a station's token, which is shown this once. See `registry/stations`; faults as there. */
  addStation(name: string, rights: readonly StationRight[]): string;
  revokeStation(name: string): void;
  setRights(name: string, rights: readonly StationRight[]): void;
  stations(): KnownStation[];
  close(): void;
}

/** `lastHeardMs`: when its station last told anything; null when it never did. */
export type LeaseOverview = LeaseView & { readonly lastHeardMs: number | null };

export interface Trail {
  readonly station: string;
  /** How far it was seen. */
  readonly seq: number;
  /** Breaks that nobody has accepted. */
  readonly open: number;
  readonly breaks: readonly AuditBreak[];
}

/**
 * Opens (and makes, when new) the data directory of a registry. Safe beside a running service.
 * Faults: those of opening a database, `secret-unreadable`, `file-denied`.
 */
export function openRegistryStore(dataDir: string, now: () => number = Date.now): RegistryStore {
  makeDataDir(dataDir);
  const { store, vault } = openData(dataDir);
  return {
    seedProduct(request) {
      store.refuseBehindMark();
      const seeded = seedProduct(store, vault, request, now());
      store.raiseMark();
      return seeded;
    },
    trails: () => store.audit.stations().map((row) => ({ ...row, breaks: store.audit.breaks(row.station) })),
    acceptTrail: (station, reason, approver) =>
      store.write(() => store.audit.accept(station, reason, approver, now())),
    leases: () =>
      store.leases
        .listAll()
        .map((lease) => ({ ...lease, lastHeardMs: store.leases.lastHeardMs(lease.station) })),
    quarantineLease: (leaseId, decision) => quarantineLease(store, leaseId, decision, now()),
    restoreLease: (leaseId, decision) => restoreLease(store, leaseId, decision, now()),
    withholdUnleased: (decision) => withholdUnleased(store, decision, now()),
    addStation: (name, rights) => addStation(store, name, rights, now()),
    revokeStation: (name) => revokeStation(store, name, now()),
    setRights: (name, rights) => setRights(store, name, rights),
    stations: () => knownStations(store),
    close: () => store.close(),
    [Symbol.dispose]: () => store.close(),
  };
}

/** Makes the data directory when it is new, so that only its owner may enter. Faults: `file-denied`. */
export function makeDataDir(dataDir: string): void {
  try {
    makeWithParents(dataDir);
  } catch (error) {
    throw new Fault('file-denied', `the data directory ${dataDir} cannot be made`, {
      hint: 'Choose another directory, or give write permission on the one above it.',
      cause: error,
    });
  }
}

/** Not Node's own recursive way, which never comes back from where nothing can be made (`/proc`). */
function makeWithParents(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(dir) !== dir) makeWithParents(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Database and vault of a data directory that is there. The caller closes the store. */
export function openData(dataDir: string): { readonly store: Store; readonly vault: Vault } {
  const file = join(dataDir, 'registry.db');
  const store = openStore(file);
  try {
    // Under the write lock, so that two processes starting together agree on one key and one key check.
    const vault = store.write(() => openVault(dataDir, store.meta));
    fillDigests(store, vault);
    return { store, vault };
  } catch (error) {
    store.close();
    // A file that may only be read is noticed here, at the first write.
    throw asRegistryFault(error, file);
  }
}
