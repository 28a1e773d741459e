/** The registry's SQLite database. All SQL is in this folder, one group of tables per file; statements are prepared once. */
import Database from 'better-sqlite3';
import { auditTable, type AuditTable } from './audit.ts';
import { bindTokenTable, type BindTokenTable } from './bind-tokens.ts';
import { deviceEventTable, type DeviceEventTable } from './device-events.ts';
import { deviceOwnerTable, type DeviceOwnerTable } from './device-owners.ts';
import { deviceTable, type DeviceTable } from './devices.ts';
import { eventTable, type EventTable } from './events.ts';
import { firmwareTable, type FirmwareTable } from './firmware.ts';
import {
  checkHighWaterMark,
  type Progress,
  raiseHighWaterMark,
  readHighWaterMark,
} from './high-water-mark.ts';
import { leaseTable, type LeaseTable } from './leases.ts';
import { loginProofTable, type LoginProofTable } from './login-proofs.ts';
import { metaTable, type MetaTable } from './meta.ts';
import { checkDatabase, openDatabase } from './open-database.ts';
import { createFileIdentityCheck } from './file-identity-check.ts';
import { otaTable, type OtaTable } from './ota.ts';
import { presenceTable, type PresenceTable } from './presence.ts';
import { productTable, type ProductTable } from './products.ts';
import { refusalTable, type RefusalTable } from './refusals.ts';
import { registrationTable, type RegistrationTable } from './registration.ts';
import { returnTable, type ReturnTable } from './returns.ts';
import { runTable, type RunTable } from './runs.ts';
import { stationTable, type StationTable } from './stations.ts';
import { stationReportTable, type StationReportTable } from './station-reports.ts';
import { stationKeyTable, type StationKeyTable } from './station-keys.ts';
import { stationRunTable, type StationRunTable } from './station-runs.ts';

export type { BindTokenRow } from './bind-tokens.ts';
export type { NewDeviceEvent } from './device-events.ts';
export type { OwnerRow } from './device-owners.ts';
export type { Binding, DeviceFacts } from './devices.ts';
export type { EventRecord } from './events.ts';
export type { LeaseRow } from './leases.ts';
export type { FirmwareRow } from './firmware.ts';
export type { MetaTable } from './meta.ts';
export type { OtaUpdateRow } from './ota.ts';
export type { CountIncrement, RefusalRow } from './refusals.ts';
export type { RegisterType, RegistrationAct } from './registration.ts';
export type { StationKeyRow } from './station-keys.ts';
export type { StationReportRow } from './station-reports.ts';
export type { StationRow } from './stations.ts';
export { diskError } from './disk-error.ts';
export { asRegistryFault } from './open-database.ts';
export { lockService } from './service-lock.ts';

export interface Store extends Disposable {
  readonly meta: MetaTable;
  readonly audit: AuditTable;
  readonly products: ProductTable;
  readonly devices: DeviceTable;
  readonly bindTokens: BindTokenTable;
  readonly owners: DeviceOwnerTable;
  readonly deviceEvents: DeviceEventTable;
  readonly presence: PresenceTable;
  readonly leases: LeaseTable;
  readonly loginProofs: LoginProofTable;
  readonly events: EventTable;
  readonly runs: RunTable;
  readonly stationRuns: StationRunTable;
  readonly stationKeys: StationKeyTable;
  readonly stationReports: StationReportTable;
  readonly refusals: RefusalTable;
  readonly returns: ReturnTable;
  readonly firmware: FirmwareTable;
  readonly registration: RegistrationTable;
  readonly ota: OtaTable;
  readonly stations: StationTable;
  /**
   * Runs `work` in a transaction that takes the write lock at its start. It is durable when this returns, and rolled back when
   * `work` throws. Inside another `write` it is a savepoint. `work` must be synchronous.
   * Errors: `storage-lost` when the database file was deleted or replaced.
   */
  write<T>(work: () => T): T;
  /** Errors: `storage-lost` when the database file was deleted or replaced. */
  requireOnDisk(): void;
  /** Faults: `database-corrupt`. */
  check(): void;
  /** Counts that only grow, in the database. */
  progress(): Progress;
  /** The same counts in the high-water mark beside the database; null without one. */
  highWaterMark(): Progress | null;
  /** Raises the high-water mark to the counts of the database. */
  raiseHighWaterMark(): void;
  /** Faults: `database-corrupt` when the database is older than its high-water mark. */
  checkHighWaterMark(): void;
  close(): void;
}

export function openStore(file: string): Store {
  const db = openDatabase(file);
  const run = db.transaction((work: () => unknown) => work());
  const close = (): void => {
    if (db.open) db.close();
  };
  const fileIdentity = createFileIdentityCheck(file);
  const products = productTable(db);
  const leases = leaseTable(db);
  const progress = (): Progress => ({ leases: leases.count(), numbers: products.numbersGiven() });
  return {
    meta: metaTable(db),
    audit: auditTable(db),
    products,
    devices: deviceTable(db),
    bindTokens: bindTokenTable(db),
    owners: deviceOwnerTable(db),
    deviceEvents: deviceEventTable(db),
    presence: presenceTable(db),
    leases,
    loginProofs: loginProofTable(db),
    events: eventTable(db),
    runs: runTable(db),
    stationRuns: stationRunTable(db),
    stationKeys: stationKeyTable(db),
    stationReports: stationReportTable(db),
    refusals: refusalTable(db),
    returns: returnTable(db),
    firmware: firmwareTable(db),
    registration: registrationTable(db),
    ota: otaTable(db),
    stations: stationTable(db),
    write<T>(work: () => T): T {
      if (db.inTransaction) return run.immediate(work) as T;
      fileIdentity.require();
      const result = run.immediate(work) as T;
      // Again after the commit: a deleted file accepts writes, too.
      fileIdentity.require();
      return result;
    },
    requireOnDisk: () => fileIdentity.require(),
    check: () => checkDatabase(db),
    progress,
    highWaterMark: () => readHighWaterMark(file),
    raiseHighWaterMark: () => raiseHighWaterMark(file, progress()),
    checkHighWaterMark: () => checkHighWaterMark(file, progress),
    close,
    [Symbol.dispose]: close,
  };
}

/** True for a violated constraint, not for errors of the disk or of locks. */
export function isConstraintError(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}
