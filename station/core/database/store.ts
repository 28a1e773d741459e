import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { publishFile } from '#node-kit/files/index.ts';
import { createAuditTable } from './audit.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createBatchProgress } from './batch-progress.ts';
import { createBatchTable } from './batches.ts';
import { type Db, noStation, openDatabase, openDatabaseForReading } from './database.ts';
import { createFirmwareTable } from './firmware.ts';
import { createHighMark, type HighMark, refuseBehindMark } from './high-water-mark.ts';
import { createImportTable } from './imports.ts';
import { findViolations } from './invariants.ts';
import { createLeaseTable } from './leases.ts';
import { fenceWrites } from './fence-writes.ts';
import { lockDataDir } from './lock.ts';
import { createMetaTable, createSecretKeyTable } from './meta.ts';
import { createOutboxTable } from './outbox.ts';
import { createOwnerFence, type OwnerFence } from './owner-fence.ts';
import { createPersonTable } from './people.ts';
import { createNewestRecord, createProgressReader } from './progress.ts';
import { refuseHalfRestored } from './restore-files.ts';
import { compareSchema } from './records/compare-schema.ts';
import { findTampering } from './records/find-tampering.ts';
import { createJournal, type Journal } from './records/journal.ts';
import { createSchemaWatch } from './records/watch-schema.ts';
import { createReportRunTable } from './report-runs.ts';
import { createRunSearch } from './search-runs.ts';
import { createRunTable } from './runs.ts';
import { createSealedTable } from './sealed.ts';
import { createSpare, type Spare } from './disk-reserve.ts';
import { asStoreFault, corrupt, inOneLine } from './store-fault.ts';
import { createTogether } from './group-commit.ts';
import { createTripleTable } from './triples.ts';
import { createUnitTable } from './units.ts';
import { createYieldRunTable } from './yield-runs.ts';

export type Store = ReturnType<typeof createStore>;

/** The file inside a data directory. */
export function storeFile(dataDir: string): string {
  return join(dataDir, 'station.db');
}

export interface StoreOptions {
  /** Disk space kept for what must be recorded on a full disk; none when left out. */
  readonly spareBytes?: number;
}

/**
 * Opens the store as its owner. Faults: `data-busy` when another process owns it, `database-corrupt` when the mark beside
 * it tells of more than is in it, and those of `openDatabase`.
 */
export function openStore(dataDir: string, { spareBytes = 0 }: StoreOptions = {}): Store {
  const lock = lockDataDir(dataDir);
  const spare = spareBytes === 0 ? null : createSpare(dataDir, spareBytes);
  const file = storeFile(dataDir);
  try {
    refuseHalfRestored(dataDir);
    refuseVanished(dataDir, file);
    // Before it is opened for writing: what is left of its log must stay as it is.
    const lostEntries = refuseBehindMark(file);
    const { db } = withSpare(spare, () => openDatabase(file));
    const mark = createHighMark(file);
    const store = withTables(db, file, { lock, spare, mark, lostEntries, fence: true });
    try {
      // What could not be read before is known by now.
      refuseBehindMark(file, store.howFar);
      store.raiseMark();
    } catch (error) {
      db.close();
      throw error;
    }
    return store;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Refuses where no station has ever been, before anything is made there. What is there and cannot be read is for
 * `openStore` to say. Faults: `not-found`, and `database-corrupt` where one has been and its database is gone.
 */
export function requireStation(dataDir: string): void {
  const file = storeFile(dataDir);
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

/** Opens the store beside its owner, for looking only. */
export function openStoreForReading(dataDir: string): Store {
  const file = storeFile(dataDir);
  refuseHalfRestored(dataDir);
  refuseVanished(dataDir, file);
  return withTables(openDatabaseForReading(file), file);
}

/** Opens a copy that is being made ready to take the database's place; nobody else knows of it. */
export function openPrepared(file: string): Store {
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
  readonly spare: Spare | null;
  readonly mark: HighMark | null;
  readonly lostEntries: number;
  /** Whether it is to be fenced against another owner. */
  readonly fence: boolean;
}
const NOT_OWNED: Owned = { lock: null, spare: null, mark: null, lostEntries: 0, fence: false };

/** Every statement is prepared here, so a table or a column that is missing shows at once. */
function withTables(db: Db, file: string, owned: Owned = NOT_OWNED): Store {
  try {
    return createStore(db, file, owned);
  } catch (error) {
    db.close();
    const known = asStoreFault(error, file);
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
function withSpare<T>(spare: Spare | null, work: () => T): T {
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

function createStore(db: Db, file: string, { lock, spare, mark, lostEntries, fence: fenced }: Owned) {
  const journal = createJournal(db);
  const fence = fenced ? createOwnerFence(db, file) : null;
  const watchSchema = fenced ? createSchemaWatch(db) : null;
  const run = db.transaction((work: () => unknown) => {
    fence?.check();
    watchSchema?.();
    return work();
  });
  const howFar = createProgressReader(db);
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let damage: Fault | null = null;
  function raiseMark(): void {
    mark?.raise(howFar());
  }
  function transaction<T>(work: () => T): T {
    const result = commit(work);
    // What is inside of another one is not durable yet.
    if (!db.inTransaction) raiseMark();
    return result;
  }
  function commit<T>(work: () => T): T {
    try {
      if (!db.inTransaction) fence?.claim();
      return run.immediate(work) as T;
    } catch (error) {
      const known = asStoreFault(error, file);
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
    spare,
    /** What was found broken while writing, or that another took over; nothing more should be begun on it. */
    get damage(): Fault | null {
      return damage;
    },
    meta: createMetaTable(db),
    secretKeys: createSecretKeyTable(db),
    units: createUnitTable(db),
    triples: createTripleTable(db),
    sealed: createSealedTable(db),
    leases: createLeaseTable(db),
    firmware: createFirmwareTable(db),
    imports: createImportTable(db),
    batches: createBatchTable(db),
    progress: createBatchProgress(db),
    runs: createRunTable(db, journal.noteRun),
    runSearch: createRunSearch(db),
    reportRuns: createReportRunTable(db),
    yieldRuns: createYieldRunTable(db),
    outbox: createOutboxTable(db),
    audit: createAuditTable(db),
    people: createPersonTable(db),
    journal,
    findViolations: () => findViolations(db),
    *findTampering() {
      try {
        yield* findTampering(db);
      } catch (error) {
        throw asStoreFault(error, file);
      }
    },
    compareSchema: () => compareSchema(db),

    /** Until it is disposed of, what is read here is of one moment; whoever writes beside it goes on. */
    holdStill(): Disposable {
      db.exec('BEGIN');
      return { [Symbol.dispose]: () => void db.exec('COMMIT') };
    },

    /**
     * Makes this process the owner before it records anything, so that no other one gets in. A host calls it when it
     * has found that it can work here. Faults: `data-busy`, `disk-full`.
     */
    own: (): void => withSpare(spare, () => transaction(() => undefined)),

    /**
     * All or nothing, durable when it returns. `work` is synchronous: nothing else can come in between.
     * Faults: those of SQLite, as `disk-full`, `database-corrupt`, …
     */
    transaction,

    /**
     * The same for what has happened already and is true whether it is written or not: on a full disk it takes the
     * space that was kept for this. `work` may be called twice, its first attempt undone.
     */
    record,

    /**
     * `record` for what several slots do at the same time: what comes in one turn is one transaction. Resolves when it is
     * durable; nobody else sees it earlier. `work` may be called again after it was undone.
     */
    recordTogether: createTogether(record),

    /**
     * `record` without waiting for the disk: what it wrote outlasts this process however it ends, and outlasts a power
     * cut as soon as anything later was made durable. For what nothing outside of this computer stands on; see
     * docs/adr/0014-two-grades-of-record.md. Inside of a transaction it is as durable as that one.
     */
    recordPastCrash<T>(work: () => T): T {
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
        throw asStoreFault(error, target);
      }
      return target;
    },

    /** When the last record was written, as far as runs and the audit trail tell; null when there is neither. */
    newestRecordMs: createNewestRecord(db),

    /** A number that is another one as soon as somebody else has written to the file. Costs next to nothing. */
    foreignChanges: (): number => dataVersion.get() ?? 0,

    /**
     * Reads the whole file; says what is damaged in it, or null. Faults: trouble that keeps it from being read and is no
     * damage (`disk-failing`, `data-busy`, …).
     */
    check(): string | null {
      try {
        const verdict = String(db.pragma('quick_check(1)', { simple: true }));
        return verdict === 'ok' ? null : inOneLine(verdict);
      } catch (error) {
        const known = asStoreFault(error, file);
        if (!(known instanceof Fault) || known.code !== 'database-corrupt') throw known;
        return inOneLine(error instanceof Error ? error.message : String(error));
      }
    },

    /** Folds everything into the one file: what is left beside it is empty. */
    fold(): void {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },

    /** Entries of the audit trail that the mark beside it told of when it was opened, and that are not in it. */
    lostEntries,
    /** How far it has come, to compare with the mark beside it. */
    howFar,
    /** Notes beside the database how far it is; done by itself after each durable transaction. */
    raiseMark,

    close(): void {
      release(fence);
      db.close();
      mark?.close();
      lock?.[Symbol.dispose]();
    },
  };
}
