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
import { systemNowMs } from '../platform.ts';
import { openVault, type Vault } from '../secrets/index.ts';
import { addStation, knownStations, type KnownStation, revokeStation, setRights } from '../stations/index.ts';
import { asRegistryFault, openStore, type Store } from '../store/index.ts';
import { fillDigests } from './fill-digests.ts';
import { seedProduct, type SeedRequest, type SeedResult } from './seed-product.ts';

/** The registry's data for the commands `registry seed`, `audit`, `lease` and `station`; it may be used while the service runs. */
export interface RegistryStore extends Disposable {
  seedProduct(request: SeedRequest): SeedResult;
  /** The audit trails of all stations, as far as they were reported, with their breaks. */
  trails(): Trail[];
  /** Accepts the open breaks of a station's trail; returns their number. */
  acceptTrail(station: string, reason: string, approver: string): number;
  /** The leases of all stations, newest first. */
  leases(): LeaseOverview[];
  /** See `registry/leases`. */
  quarantineLease(leaseId: string, decision: Decision): number;
  restoreLease(leaseId: string, decision: Decision): number;
  withholdUnleased(decision: Decision): Withheld;
  /** See `registry/stations`. */
  addStation(name: string, rights: readonly StationRight[]): string;
  revokeStation(name: string): void;
  setRights(name: string, rights: readonly StationRight[]): void;
  stations(): KnownStation[];
  close(): void;
}

/** `lastHeardMs`: instant of the station's last event; null without one. */
export type LeaseOverview = LeaseView & { readonly lastHeardMs: number | null };

export interface Trail {
  readonly station: string;
  /** Number of the last reported entry. */
  readonly seq: number;
  /** Number of breaks that were not accepted. */
  readonly open: number;
  readonly breaks: readonly AuditBreak[];
}

/**
 * Opens the data directory of a registry, or creates it. A service may run on it.
 * Faults: those of `makeDataDir` and of `openData`.
 */
export function openRegistryStore(dataDir: string, now: () => number = systemNowMs): RegistryStore {
  makeDataDir(dataDir);
  const { store, vault } = openData(dataDir);
  return {
    seedProduct(request) {
      store.checkHighWaterMark();
      const seeded = seedProduct(store, vault, request, now());
      store.raiseHighWaterMark();
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

/** Creates the data directory for its owner only. Faults: `file-denied`. */
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

/** Node's recursive `mkdir` does not return where nothing can be created (`/proc`). */
function makeWithParents(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(dir) !== dir) makeWithParents(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Opens database and vault of an existing data directory. The caller closes the store. Faults: those of `openStore` and of `openVault`. */
export function openData(dataDir: string): { readonly store: Store; readonly vault: Vault } {
  const file = join(dataDir, 'registry.db');
  const store = openStore(file);
  try {
    // With the write lock, so that two processes that start together make one key.
    const vault = store.write(() => openVault(dataDir, store.meta));
    fillDigests(store, vault);
    return { store, vault };
  } catch (error) {
    store.close();
    // The first write fails for a read-only file.
    throw asRegistryFault(error, file);
  }
}
