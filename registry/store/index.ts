/**
 * This module is for keeping: the registry's SQLite database. All SQL of the room is here, one table group per file,
 * every statement prepared once.
 */
import Database from 'better-sqlite3';
import { auditTable, type AuditTable } from './audit.ts';
import { deviceTable, type DeviceTable } from './devices.ts';
import { eventTable, type EventTable } from './events.ts';
import { firmwareTable, type FirmwareTable } from './firmware.ts';
import { type Progress, raiseHighMark, readHighMark, refuseBehindMark } from './high-mark.ts';
import { leaseTable, type LeaseTable } from './leases.ts';
import { loginProofTable, type LoginProofTable } from './login-proofs.ts';
import { metaTable, type MetaTable } from './meta.ts';
import { checkDatabase, openDatabase } from './open-database.ts';
import { watchOnDisk } from './file-identity-check.ts';
import { presenceTable, type PresenceTable } from './presence.ts';
import { productTable, type ProductTable } from './products.ts';
import { refusalTable, type RefusalTable } from './refusals.ts';
import { returnTable, type ReturnTable } from './returns.ts';
import { runTable, type RunTable } from './runs.ts';
import { stationTable, type StationTable } from './stations.ts';
import { stationRunTable, type StationRunTable } from './station-runs.ts';

export type { Binding, DeviceFacts } from './devices.ts';
export type { EventRecord } from './events.ts';
export type { LeaseRow } from './leases.ts';
export type { FirmwareRow } from './firmware.ts';
export type { MetaTable } from './meta.ts';
export type { Counted, RefusalRow } from './refusals.ts';
export type { StationRow } from './stations.ts';
export { diskTrouble } from './disk-trouble.ts';
export { asRegistryFault } from './open-database.ts';
export { lockService } from './service-lock.ts';

export interface Store extends Disposable {
  readonly meta: MetaTable;
  readonly audit: AuditTable;
  readonly products: ProductTable;
  readonly devices: DeviceTable;
  readonly presence: PresenceTable;
  readonly leases: LeaseTable;
  readonly loginProofs: LoginProofTable;
  readonly events: EventTable;
  readonly runs: RunTable;
  readonly stationRuns: StationRunTable;
  readonly refusals: RefusalTable;
  readonly returns: ReturnTable;
  readonly firmware: FirmwareTable;
  readonly stations: StationTable;
  /**
   * Runs `work` as one transaction that takes the write lock at its start, durable when this returns and undone when
   * it throws. Inside another `write` it is a savepoint. `work` must be synchronous.
   * Faults (RegistryError): `storage-lost` when what was committed would not be found again.
   */
  write<T>(work: () => T): T;
  /** Faults (RegistryError): `storage-lost` when the database is not where it was opened. */
  requireOnDisk(): void;
  /** Faults: `database-corrupt`. */
  check(): void;
  /** What only ever grows, as the database has it, and as the mark beside it has it: null when there is none. */
  progress(): Progress;
  mark(): Progress | null;
  /** Raises the mark to what is durable in the database now. */
  raiseMark(): void;
  /** Faults: `database-corrupt` when the database is an older copy than what was done from it. */
  refuseBehindMark(): void;
  close(): void;
}

export function openStore(file: string): Store {
  const db = openDatabase(file);
  const run = db.transaction((work: () => unknown) => work());
  const close = (): void => {
    if (db.open) db.close();
  };
  const onDisk = watchOnDisk(file);
  const products = productTable(db);
  const leases = leaseTable(db);
  const progress = (): Progress => ({ leases: leases.count(), numbers: products.numbersGiven() });
  return {
    meta: metaTable(db),
    audit: auditTable(db),
    products,
    devices: deviceTable(db),
    presence: presenceTable(db),
    leases,
    loginProofs: loginProofTable(db),
    events: eventTable(db),
    runs: runTable(db),
    stationRuns: stationRunTable(db),
    refusals: refusalTable(db),
    returns: returnTable(db),
    firmware: firmwareTable(db),
    stations: stationTable(db),
    write<T>(work: () => T): T {
      if (db.inTransaction) return run.immediate(work) as T;
      onDisk.require();
      const done = run.immediate(work) as T;
      // Nothing is acknowledged that was written into a file nobody will find.
      onDisk.require();
      return done;
    },
    requireOnDisk: () => onDisk.require(),
    check: () => checkDatabase(db),
    progress,
    mark: () => readHighMark(file),
    raiseMark: () => raiseHighMark(file, progress()),
    refuseBehindMark: () => refuseBehindMark(file, progress()),
    close,
    [Symbol.dispose]: close,
  };
}

/** True when a write was refused by the data itself (a constraint), not by the disk or by another process. */
export function isConstraintError(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');
}
