import type { WritableDatabase as Db } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { asStationDatabaseFault, corrupt } from './database-fault.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { createGroupCommit } from './group-commit.ts';
import type { OwnerFence } from './owner-fence.ts';
import type { Journal } from './records/journal.ts';

export interface TransactionsOptions {
  readonly db: Db;
  /** Path of the database, for faults. */
  readonly file: string;
  readonly journal: Journal;
  readonly diskReserve: DiskReserve | null;
  /** Null for a database that no other process can open. */
  readonly fence: OwnerFence | null;
  /** Called in each transaction before anything else. */
  readonly beforeWrite: () => void;
  /** Called after each durable transaction. */
  readonly afterWrite: () => void;
}

/**
 * The ways to write to the database. They differ in how durable a write is when it returns, and in what happens on a full
 * disk; see docs/adr/0014-two-grades-of-record.md. `work` is synchronous: nothing else happens in between.
 */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #run: { immediate(work: () => unknown): unknown };
  #damage: Fault | null = null;

  constructor(options: TransactionsOptions) {
    this.#options = options;
    const { db, fence, beforeWrite } = options;
    this.#run = db.transaction((work: () => unknown) => {
      fence?.check();
      beforeWrite();
      return work();
    });
  }

  /** The database was found corrupt, or another process owns it now: no unit may be started. */
  get damage(): Fault | null {
    return this.#damage;
  }

  /** Damage that another check found: no unit may be started. Returns its fault. */
  reportDamage(why: string): Fault {
    this.#damage ??= corrupt(this.#options.file, why);
    return this.#damage;
  }

  /**
   * All or nothing, durable when it returns. Faults: `disk-full`, `disk-read-only`, `disk-failing`, `database-corrupt`,
   * `data-busy`, `file-denied`, `file-missing`.
   */
  readonly transaction = <T>(work: () => T): T => {
    const result = this.#commit(work);
    // A part of another transaction is not durable yet.
    if (!this.#options.db.inTransaction) this.#options.afterWrite();
    return result;
  };

  /**
   * As `transaction`, for what has happened already and must be recorded: on a full disk it uses the disk reserve. `work` may
   * be called twice, after its first attempt was undone. Inside of a transaction it is a part of that one.
   */
  readonly writeReserved = <T>(work: () => T): T => {
    const { db, diskReserve, journal } = this.#options;
    // A savepoint would copy every page that it touches.
    if (db.inTransaction) return work();
    return withReserve(diskReserve, () => withUnreadableSteps(journal, () => this.transaction(work)));
  };

  /**
   * As `writeReserved`, for several slots at the same time: the writes of one turn of the event loop are one transaction,
   * with one wait for the disk. Resolves when it is durable; no reader sees the write earlier.
   */
  readonly writeGrouped = createGroupCommit(this.writeReserved);

  /**
   * As `writeReserved` without a wait for the disk: the write survives the end of this process, and survives a power cut as
   * soon as a later write is durable. Only for facts that nothing outside of this computer depends on.
   */
  readonly writeRelaxed = <T>(work: () => T): T => {
    const { db, diskReserve } = this.#options;
    if (db.inTransaction) return this.transaction(work);
    // SQLite reads the pragma when a transaction commits; none is open here.
    db.exec('PRAGMA synchronous = NORMAL');
    try {
      return withReserve(diskReserve, () => this.#commit(work));
    } finally {
      db.exec('PRAGMA synchronous = FULL');
    }
  };

  #commit<T>(work: () => T): T {
    const { db, fence, file } = this.#options;
    try {
      if (!db.inTransaction) fence?.claim();
      return this.#run.immediate(work) as T;
    } catch (error) {
      const fault = asStationDatabaseFault(error, file);
      if (fault instanceof Fault && isFinal(fault, error)) this.#damage ??= fault;
      throw fault;
    }
  }
}

/** After these faults nothing more is begun. A `data-busy` of SQLite itself passes by; one of the fence does not. */
function isFinal(fault: Fault, error: unknown): boolean {
  return fault.code === 'database-corrupt' || (fault.code === 'data-busy' && fault === error);
}

/** Repeats the work after the reserve was released, when the disk was full. */
export function withReserve<T>(reserve: DiskReserve | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'disk-full' || reserve?.release() !== true) throw error;
    return work();
  }
}

/** Repeats the work when steps of the run that it ends could not be read from a failing disk. */
function withUnreadableSteps<T>(journal: Journal, work: () => T): T {
  const before = journal.unreadable;
  try {
    return work();
  } catch (error) {
    if (before || !journal.unreadable) throw error;
    return work();
  }
}
