import { join } from 'node:path';
import type { AuditBreak, LeaseView, StationRight } from '#shared/registry-api/index.ts';
import {
  type Decision,
  type Withheld,
  withholdUnleased,
  quarantineLease,
  restoreLease,
} from './leases/index.ts';
import type { RegisterType, StationReportRow } from './store/index.ts';
import { systemNowMs } from './platform.ts';
import { addStation, knownStations, type KnownStation, revokeStation, setRights } from './stations/index.ts';
import { makeDataDir, openData } from './data/index.ts';
import {
  registrationOf,
  type RegistrationView,
  reopenRegistration,
  rotateProductSecret,
  setRegisterType,
} from './registration/index.ts';
import { seedProduct, type SeedRequest, type SeedResult } from './seed/index.ts';

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
  /** See `registry/registration`. */
  registration(productId: string): RegistrationView;
  setRegisterType(
    productId: string,
    to: { readonly registerType: RegisterType; readonly createLimit: number },
    decision: Decision,
  ): void;
  rotateProductSecret(productId: string, given: string | null, decision: Decision): string;
  reopenRegistration(
    name: { readonly productId: string; readonly deviceName: string },
    decision: Decision,
  ): void;
  /** See `registry/stations`. */
  addStation(name: string, rights: readonly StationRight[]): string;
  revokeStation(name: string): void;
  setRights(name: string, rights: readonly StationRight[]): void;
  stations(): KnownStation[];
  /** The complete reports, newest first; `null`: of all stations. */
  reports(station: string | null, limit: number): StationReportRow[];
  /** The file of a report; null without a complete one. */
  reportFile(reportId: string): { readonly name: string; readonly path: string } | null;
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
export function openRegistryStore(dataDir: string, nowMs: () => number = systemNowMs): RegistryStore {
  makeDataDir(dataDir);
  const { store, vault } = openData(dataDir);
  return {
    seedProduct(request) {
      store.checkHighWaterMark();
      const seeded = seedProduct(store, vault, request, nowMs());
      store.raiseHighWaterMark();
      return seeded;
    },
    trails: () => store.audit.stations().map((row) => ({ ...row, breaks: store.audit.breaks(row.station) })),
    acceptTrail: (station, reason, approver) =>
      store.write(() => store.audit.accept(station, reason, approver, nowMs())),
    leases: () =>
      store.leases
        .listAll()
        .map((lease) => ({ ...lease, lastHeardMs: store.leases.lastHeardMs(lease.station) })),
    quarantineLease: (leaseId, decision) => quarantineLease(store, leaseId, decision, nowMs()),
    restoreLease: (leaseId, decision) => restoreLease(store, leaseId, decision, nowMs()),
    withholdUnleased: (decision) => withholdUnleased(store, decision, nowMs()),
    registration: (productId) => registrationOf(store, productId),
    setRegisterType: (productId, to, decision) => setRegisterType(store, productId, to, decision, nowMs()),
    rotateProductSecret: (productId, given, decision) =>
      rotateProductSecret(store, vault, productId, given, decision, nowMs()),
    reopenRegistration: (name, decision) => reopenRegistration(store, name, decision, nowMs()),
    addStation: (name, rights) => addStation(store, name, rights, nowMs()),
    revokeStation: (name) => revokeStation(store, name, nowMs()),
    setRights: (name, rights) => setRights(store, name, rights),
    stations: () => knownStations(store),
    reports: (station, limit) => store.stationReports.list(station, limit),
    reportFile(reportId) {
      const row = store.stationReports.byId(reportId);
      if (row === null || row.completedMs === null) return null;
      return { name: row.name, path: join(dataDir, 'reports', row.sha256) };
    },
    close: () => store.close(),
    [Symbol.dispose]: () => store.close(),
  };
}
