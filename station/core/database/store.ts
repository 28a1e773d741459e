import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { publishFile } from '#node-kit/files/index.ts';
import { createAuditRepository } from './audit.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createBatchProgress } from './batch-progress.ts';
import { createBatchRepository } from './batches.ts';
import { type Db, noStation, openDatabase, openDatabaseForReading } from './database.ts';
import { createFirmwareRepository } from './firmware.ts';
import { createHighMark, type HighMark, refuseBehindMark } from './high-water-mark.ts';
import { createImportRepository } from './imports.ts';
import { findViolations } from './invariants.ts';
import { createLeaseRepository } from './leases.ts';
import { fenceWrites } from './fence-writes.ts';
import { lockDataDir } from './lock.ts';
import { createMetaRepository, createSecretKeyRepository } from './meta.ts';
import { createOutboxRepository } from './outbox.ts';
import { createOwnerFence, type OwnerFence } from './owner-fence.ts';
import { createPersonRepository } from './people.ts';
import { createNewestRecord, createProgressReader } from './progress.ts';
import { refuseHalfRestored } from './restore-files.ts';
import { compareSchema } from './records/compare-schema.ts';
import { findTampering } from './records/find-tampering.ts';
import { createJournal, type Journal } from './records/journal.ts';
import { createSchemaWatch } from './records/watch-schema.ts';
import { createReportRunRepository } from './report-runs.ts';
import { createRunSearch } from './search-runs.ts';
import { createRunRepository } from './runs.ts';
import { createSealedSecretRepository } from './sealed.ts';
import { createDiskReserve, type DiskReserve } from './disk-reserve.ts';
import { asDatabaseFault, corrupt, inOneLine } from './store-fault.ts';
import { createTogether } from './group-commit.ts';
import { createTripleRepository } from './triples.ts';
import { createUnitRepository } from './units.ts';
import { createYieldRunRepository } from './yield-runs.ts';

export type WritableDatabase = ReturnType<typeof createStore>;

/** The file inside a data directory. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'station.db');
}

export interface DatabaseOptions {
  /** Disk space kept for what must be recorded on a full disk; none when left out. */
  readonly reserveBytes?: number;
}

/**
 * Opens the database as its owner. Faults: `data-busy` when another process owns it, `database-corrupt` when the mark beside
 * it tells of more than is in it, and those of `openDatabase`.
 */
export function openStationDatabase(
  dataDir: string,
  { reserveBytes = 0 }: DatabaseOptions = {},
): WritableDatabase {
  const lock = lockDataDir(dataDir);
  const spare = reserveBytes === 0 ? null : createDiskReserve(dataDir, reserveBytes);
  const file = databaseFile(dataDir);
  try {
    refuseHalfRestored(dataDir);
    refuseVanished(dataDir, file);
    // Before it is opened for writing: what is left of its log must stay as it is.
    const lostAuditEntries = refuseBehindMark(file);
    const { db } = withSpare(spare, () => openDatabase(file));
    const mark = createHighMark(file);
    const database = withTables(db, file, { lock, spare, mark, lostAuditEntries, fence: true });
    try {
      // What could not be read before is known by now.
      refuseBehindMark(file, database.readProgress);
      database.raiseHighWaterMark();
    } catch (error) {
      db.close();
      throw error;
    }
    return database;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Refuses where no station has ever been, before anything is made there. What is there and cannot be read is for
 * `openStationDatabase` to say. Faults: `not-found`, and `database-corrupt` where one has been and its database is gone.
 */
export function requireStation(dataDir: string): void {
  const file = databaseFile(dataDir);
  refuseHalfRestored(dataDir);
  refuseVanished(dataDir, file);
  if (isMissing(file)) throw noStation(dataDir);
}

function isMissing(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined && isDirectoryOrNothing(dirname(file));
  } catch {
    // Kept from looking, which is not the same.
    return false;
  }
}

function isDirectoryOrNothing(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false;
}

/** Opens the database beside its owner, for looking only. */
export function openStationDatabaseForReading(dataDir: string): WritableDatabase {
  const file = databaseFile(dataDir);
  refuseHalfRestored(dataDir);
  refuseVanished(dataDir, file);
  return withTables(openDatabaseForReading(file), file);
}

/** Opens a copy that is being made ready to take the database's place; nobody else knows of it. */
export function openRestoreCopy(file: string): WritableDatabase {
  const { db, backupPath } = openDatabase(file);
  if (backupPath !== null) rmSync(backupPath);
  return withTables(db, file);
}

/**
 * An empty ledger in place of one that is gone would hand out again what was burned already. A data directory that has
 * been worked in has its backups or its key; a new one has neither.
 */
function refuseVanished(dataDir: string, file: string): void {
  const traces = ['station.key', 'backups', 'set-aside', 'station.db-wal'];
  const trace = traces.find((name) => existsSync(join(dataDir, name)));
  if (trace === undefined || existsSync(file)) return;
  throw new Fault('database-corrupt', `${file} is gone, although ${dataDir} has been worked in (${trace})`, {
    hint: 'Put it back or restore a backup ("restore --from …"); to begin anew, name another directory with --data.',
  });
}

/** What goes with a database that is its opener's own to write. */
interface Owned {
  readonly lock: Disposable | null;
  readonly spare: DiskReserve | null;
  readonly mark: HighMark | null;
  readonly lostAuditEntries: number;
  /** Whether it is to be fenced against another owner. */
  readonly fence: boolean;
}
const NOT_OWNED: Owned = { lock: null, spare: null, mark: null, lostAuditEntries: 0, fence: false };

/** Every statement is prepared here, so a table or a column that is missing shows at once. */
function withTables(db: Db, file: string, owned: Owned = NOT_OWNED): WritableDatabase {
  try {
    return createStore(db, file, owned);
  } catch (error) {
    db.close();
    const known = asDatabaseFault(error, file);
    // "No such table" and "no such column" have no code of their own; anything else is not the file's.
    const isTable = (known as { code?: unknown } | null)?.code === 'SQLITE_ERROR';
    throw isTable ? corrupt(file, 'its tables are not as they should be', error) : known;
  }
}

/** Whoever comes next finds out by itself that this process has ended. */
function release(fence: OwnerFence | null): void {
  try {
    fence?.release();
  } catch {
    // A full or broken disk; that is said where something is to be recorded.
  }
}

/** After these nothing more should be begun; SQLite's own `data-busy` passes by. */
function isFinal(fault: Fault, error: unknown): boolean {
  return fault.code === 'database-corrupt' || (fault.code === 'data-busy' && fault === error);
}

/** Does it again, with the spare space given free, when the disk was full. */
function withSpare<T>(spare: DiskReserve | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'disk-full' || spare?.release() !== true) throw error;
    return work();
  }
}

/** Does it again when steps of a run that ends could not be read. */
function onDyingDisk<T>(journal: Journal, work: () => T): T {
  const before = journal.unreadable;
  try {
    return work();
  } catch (error) {
    if (before || !journal.unreadable) throw error;
    return work();
  }
}

/** A copy is for any disk, also one that is write-protected: SQLite reads it without making files beside it. */
function asOneFile(copy: string): void {
  const db = new Database(copy);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** What could not be finished, and cannot be removed either, is no second fault. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its name says that it is not whole.
  }
}

function createStore(db: Db, file: string, { lock, spare, mark, lostAuditEntries, fence: fenced }: Owned) {
  const journal = createJournal(db);
  const fence = fenced ? createOwnerFence(db, file) : null;
  const watchSchema = fenced ? createSchemaWatch(db) : null;
  const run = db.transaction((work: () => unknown) => {
    fence?.check();
    watchSchema?.();
    return work();
  });
  const readProgress = createProgressReader(db);
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let damage: Fault | null = null;
  function raiseHighWaterMark(): void {
    mark?.raise(readProgress());
  }
  function transaction<T>(work: () => T): T {
    const result = commit(work);
    // What is inside of another one is not durable yet.
    if (!db.inTransaction) raiseHighWaterMark();
    return result;
  }
  function commit<T>(work: () => T): T {
    try {
      if (!db.inTransaction) fence?.claim();
      return run.immediate(work) as T;
    } catch (error) {
      const known = asDatabaseFault(error, file);
      if (known instanceof Fault && isFinal(known, error)) damage ??= known;
      throw known;
    }
  }
  // Inside another transaction it ends with that one: a savepoint of its own would copy every page it touches.
  const record = <T>(work: () => T): T =>
    db.inTransaction ? work() : withSpare(spare, () => onDyingDisk(journal, () => transaction(work)));
  if (fence !== null) fenceWrites(db, transaction);
  return {
    file,
    diskReserve: spare,
    /** What was found broken while writing, or that another took over; nothing more should be begun on it. */
    get damage(): Fault | null {
      return damage;
    },
    meta: createMetaRepository(db),
    secretKeys: createSecretKeyRepository(db),
    units: createUnitRepository(db),
    triples: createTripleRepository(db),
    sealedSecrets: createSealedSecretRepository(db),
    leases: createLeaseRepository(db),
    firmware: createFirmwareRepository(db),
    imports: createImportRepository(db),
    batches: createBatchRepository(db),
    batchProgress: createBatchProgress(db),
    runs: createRunRepository(db, journal.addRun),
    runSearch: createRunSearch(db),
    reportRuns: createReportRunRepository(db),
    yieldRuns: createYieldRunRepository(db),
    outbox: createOutboxRepository(db),
    audit: createAuditRepository(db),
    people: createPersonRepository(db),
    journal,
    findViolations: () => findViolations(db),
    *findTampering() {
      try {
        yield* findTampering(db);
      } catch (error) {
        throw asDatabaseFault(error, file);
      }
    },
    compareSchema: () => compareSchema(db),

    /** Until it is disposed of, what is read here is of one moment; whoever writes beside it goes on. */
    readSnapshot(): Disposable {
      db.exec('BEGIN');
      return { [Symbol.dispose]: () => void db.exec('COMMIT') };
    },

    /**
     * Makes this process the owner before it records anything, so that no other one gets in. A host calls it when it
     * has found that it can work here. Faults: `data-busy`, `disk-full`.
     */
    claimOwnership: (): void => withSpare(spare, () => transaction(() => undefined)),

    /**
     * All or nothing, durable when it returns. `work` is synchronous: nothing else can come in between.
     * Faults: those of SQLite, as `disk-full`, `database-corrupt`, …
     */
    transaction,

    /**
     * The same for what has happened already and is true whether it is written or not: on a full disk it takes the
     * space that was kept for this. `work` may be called twice, its first attempt undone.
     */
    writeReserved: record,

    /**
     * `record` for what several slots do at the same time: what comes in one turn is one transaction. Resolves when it is
     * durable; nobody else sees it earlier. `work` may be called again after it was undone.
     */
    writeGrouped: createTogether(record),

    /**
     * `record` without waiting for the disk: what it wrote outlasts this process however it ends, and outlasts a power
     * cut as soon as anything later was made durable. For what nothing outside of this computer stands on; see
     * docs/adr/0014-two-grades-of-record.md. Inside of a transaction it is as durable as that one.
     */
    writeRelaxed<T>(work: () => T): T {
      if (db.inTransaction) return transaction(work);
      // Kept for the connection, and read only while none of its transactions is open.
      db.exec('PRAGMA synchronous = NORMAL');
      try {
        return withSpare(spare, () => commit(work));
      } finally {
        db.exec('PRAGMA synchronous = FULL');
      }
    },

    /** An online copy in `backups/`, named by time and there only when it is whole; returns its path. */
    async backup(stamp: string): Promise<string> {
      const dir = join(dirname(file), 'backups');
      const target = join(dir, `station-${stamp}.db`);
      const part = `${target}.part`;
      try {
        mkdirSync(dir, { recursive: true });
        rmSync(part, { force: true });
        await db.backup(part);
        asOneFile(part);
        await publishFile(part, target);
      } catch (error) {
        discard(part);
        throw asDatabaseFault(error, target);
      }
      return target;
    },

    /** When the last record was written, as far as runs and the audit trail tell; null when there is neither. */
    newestRecordMs: createNewestRecord(db),

    /** A number that is another one as soon as somebody else has written to the file. Costs next to nothing. */
    dataVersion: (): number => dataVersion.get() ?? 0,

    /**
     * Reads the whole file; says what is damaged in it, or null. Faults: trouble that keeps it from being read and is no
     * damage (`disk-failing`, `data-busy`, …).
     */
    checkIntegrity(): string | null {
      try {
        const verdict = String(db.pragma('quick_check(1)', { simple: true }));
        return verdict === 'ok' ? null : inOneLine(verdict);
      } catch (error) {
        const known = asDatabaseFault(error, file);
        if (!(known instanceof Fault) || known.code !== 'database-corrupt') throw known;
        return inOneLine(error instanceof Error ? error.message : String(error));
      }
    },

    /** Folds everything into the one file: what is left beside it is empty. */
    checkpoint(): void {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },

    /** Entries of the audit trail that the mark beside it told of when it was opened, and that are not in it. */
    lostAuditEntries,
    /** How far it has come, to compare with the mark beside it. */
    readProgress,
    /** Notes beside the database how far it is; done by itself after each durable transaction. */
    raiseHighWaterMark,

    close(): void {
      release(fence);
      db.close();
      mark?.close();
      lock?.[Symbol.dispose]();
    },
  };
}
