import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Sequencer } from '#node-kit/async/index.ts';
import { renameDurably } from '#node-kit/files/index.ts';
import type { WritableDatabase as Db } from '#node-kit/sqlite/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { createAttachmentRepository } from './attachments.ts';
import { createAuditRepository } from './audit.ts';
import { createBatchProgress } from './batch-progress.ts';
import type { BackupReading } from './check-backup.ts';
import { createBatchRepository } from './batches.ts';
import { asStationDatabaseFault, backupFileName, inOneLine } from './database-fault.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { fenceWrites } from './fence-writes.ts';
import { createForeignRunRepository } from './foreign-runs.ts';
import { createFirmwareRepository } from './firmware.ts';
import { createLabelTemplateRepository } from './label-templates.ts';
import type { HighWaterMark } from './high-water-mark.ts';
import { createImportRepository } from './imports.ts';
import { findViolations } from './invariants.ts';
import { createLabelPrintRepository } from './label-prints.ts';
import { createLeaseRepository } from './leases.ts';
import { createMetaRepository, createSecretKeyRepository } from './meta.ts';
import { createOutboxRepository } from './outbox.ts';
import { createOwnerFence, type OwnerFence } from './owner-fence.ts';
import { createUserRepository } from './users.ts';
import { createNewestRecord, createProgressReader } from './progress.ts';
import { compareSchema } from './records/compare-schema.ts';
import { findTampering } from './records/find-tampering.ts';
import { createJournal } from './records/journal.ts';
import { createSchemaWatch } from './records/watch-schema.ts';
import { createRecipeDraftRepository } from './recipe-drafts.ts';
import { createRecipeVersionRepository } from './recipe-versions.ts';
import { createReportRunRepository } from './report-runs.ts';
import { createFigureRepository } from './read-figures.ts';
import { createRunFactRepository } from './run-facts.ts';
import { createRunRepository } from './runs.ts';
import { createReportScheduleRepository } from './report-schedules.ts';
import { createSavedFilterRepository } from './saved-filters.ts';
import { createSealedSecretRepository } from './sealed.ts';
import { createSignedDocumentRepository } from './signed-documents.ts';
import { createRunSearch } from './search-runs.ts';
import { Transactions, withReserve } from './transactions.ts';
import { createTripleRepository } from './triples.ts';
import { createUnitRepository } from './units.ts';
import { createFactClearer, createFactWriter } from './write-facts.ts';
import { createUnresolvedRepository } from './unresolved.ts';
import { createYieldRunRepository } from './yield-runs.ts';

/** Number of pages that a backup copies in one turn of the event loop: less than a millisecond. */
const PAGES_PER_TURN = 100;

/** What belongs to a database that this process owns. */
export interface Ownership {
  readonly lock: Disposable;
  readonly diskReserve: DiskReserve | null;
  readonly mark: HighWaterMark;
  /** Entries of the audit trail that the high-water mark knew when the database was opened, and that are not in it. */
  readonly lostAuditEntries: number;
  readonly isChecked: boolean;
}

/** The station's database as its owner sees it. Code that only reads takes a `ReadableDatabase`. */
export type WritableDatabase = ReturnType<typeof createStationDatabase>;

/**
 * Prepares every statement, so that a missing table or column is found at once.
 *
 * @param owned null for a database that is only read, and for a copy that no other process knows
 */
export function createStationDatabase(db: Db, file: string, owned: Ownership | null) {
  const journal = createJournal(db);
  const fence = owned === null ? null : createOwnerFence(db, file);
  const watchSchema = owned === null ? null : createSchemaWatch(db);
  const diskReserve = owned?.diskReserve ?? null;
  const backups = new Sequencer();
  const runFacts = createRunFactRepository(db);
  const readProgress = createProgressReader(db);
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  const raiseHighWaterMark = (): void => owned?.mark.raise(readProgress());
  const writes = new Transactions({
    db,
    file,
    journal,
    diskReserve,
    fence,
    beforeWrite: () => watchSchema?.(),
    afterWrite: raiseHighWaterMark,
  });
  const { transaction, writeReserved, writeGrouped, writeRelaxed } = writes;
  if (fence !== null) fenceWrites(db, transaction);
  return {
    file,
    diskReserve,
    /** See `Transactions.damage`. */
    get damage(): Fault | null {
      return writes.damage;
    },
    /** See `Transactions.reportDamage`. */
    reportDamage: (why: string): Fault => writes.reportDamage(inOneLine(why)),
    /** False when the whole file was not checked at its opening, because it is large. */
    isChecked: owned?.isChecked ?? true,
    meta: createMetaRepository(db),
    secretKeys: createSecretKeyRepository(db),
    units: createUnitRepository(db),
    triples: createTripleRepository(db),
    unresolved: createUnresolvedRepository(db),
    sealedSecrets: createSealedSecretRepository(db),
    labelPrints: createLabelPrintRepository(db),
    leases: createLeaseRepository(db),
    firmware: createFirmwareRepository(db),
    labelTemplates: createLabelTemplateRepository(db),
    imports: createImportRepository(db),
    batches: createBatchRepository(db),
    batchProgress: createBatchProgress(db, runFacts),
    recipeVersions: createRecipeVersionRepository(db),
    recipeDrafts: createRecipeDraftRepository(db),
    runs: createRunRepository(db, journal.addRun),
    attachments: createAttachmentRepository(db),
    runSearch: createRunSearch(db),
    reportRuns: createReportRunRepository(db),
    yieldRuns: createYieldRunRepository(db),
    savedFilters: createSavedFilterRepository(db),
    reportSchedules: createReportScheduleRepository(db),
    foreignRuns: createForeignRunRepository(db),
    signedDocuments: createSignedDocumentRepository(db),
    runFacts,
    figures: createFigureRepository(db),
    writeFacts: createFactWriter(db),
    clearFacts: createFactClearer(db),
    outbox: createOutboxRepository(db),
    audit: createAuditRepository(db),
    users: createUserRepository(db),
    journal,

    transaction,
    writeReserved,
    writeGrouped,
    writeRelaxed,

    /** See `findViolations` of the ledger's invariants. */
    findViolations: () => findViolations(db),
    *findTampering() {
      try {
        yield* findTampering(db);
      } catch (error) {
        throw asStationDatabaseFault(error, file);
      }
    },
    compareSchema: () => compareSchema(db),

    /** Until it is disposed of, all reads see the database at one moment. Writers of other connections continue. */
    readSnapshot(): Disposable {
      db.exec('BEGIN');
      return { [Symbol.dispose]: () => void db.exec('COMMIT') };
    },

    /**
     * Makes this process the owner before its first record, so that no other process opens the database. A host calls it
     * when it has found that it can work here. Faults: `data-busy`, `disk-full`.
     */
    claimOwnership: (): void => withReserve(diskReserve, () => transaction(() => undefined)),

    /**
     * Makes an online copy in `backups/`, which is there only when it is whole; returns its path. One after the other, because
     * two of one second have one name: the later one replaces the earlier one. Faults: `disk-full`, `file-denied`, the
     * signal's reason.
     */
    backup: (stamp: string, { signal, onProgress }: BackupReading = {}): Promise<string> =>
      backups.run(async () => {
        const dir = join(dirname(file), 'backups');
        const target = join(dir, backupFileName(stamp));
        const part = `${target}.part`;
        try {
          mkdirSync(dir, { recursive: true });
          rmSync(part, { force: true });
          await db.backup(part, {
            progress({ totalPages, remainingPages }) {
              if (signal !== undefined) throwIfAborted(signal);
              onProgress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
              return PAGES_PER_TURN;
            },
          });
          if (signal !== undefined) throwIfAborted(signal);
          makeOneFile(part);
          chmodSync(part, 0o600);
          await renameDurably(part, target);
        } catch (error) {
          discard(part);
          throw asStationDatabaseFault(error, target);
        }
        return target;
      }),

    /** When the last record was written, by the runs and the audit trail; null when there is none. */
    newestRecordMs: createNewestRecord(db),

    /** A number that changes as soon as another connection has written to the file. Cheap. */
    dataVersion: (): number => dataVersion.get() ?? 0,

    /**
     * Reads the whole file; returns what is damaged in it, or null. Faults: an error that keeps it from being read and is no
     * damage (`disk-failing`, `data-busy`, `file-denied`).
     */
    checkIntegrity(): string | null {
      try {
        const checkResult = String(db.pragma('quick_check(1)', { simple: true }));
        return checkResult === 'ok' ? null : inOneLine(checkResult);
      } catch (error) {
        const fault = asStationDatabaseFault(error, file);
        if (!(fault instanceof Fault) || fault.code !== 'database-corrupt') throw fault;
        return inOneLine(error instanceof Error ? error.message : String(error));
      }
    },

    /** Writes the whole write-ahead log into the database file; the log is empty afterwards. */
    checkpoint(): void {
      db.pragma('wal_checkpoint(TRUNCATE)');
    },

    lostAuditEntries: owned?.lostAuditEntries ?? 0,
    /** How far the database has come, to compare with the high-water mark beside it. */
    readProgress,
    /** Writes the progress into the high-water mark; done after each durable transaction. */
    raiseHighWaterMark,

    close(): void {
      using closing = new DisposableStack();
      if (owned !== null) {
        closing.use(owned.lock);
        closing.defer(() => owned.mark.close());
      }
      closing.defer(() => db.close());
      release(fence);
    },
  };
}

/** Without it the next opener finds by itself that this process has ended. */
function release(fence: OwnerFence | null): void {
  try {
    fence?.release();
  } catch {
    // The disk is full or broken; the next record reports that.
  }
}

/** Without a write-ahead log a copy can be read on a write-protected disk, too. */
function makeOneFile(copy: string): void {
  const db = new Database(copy);
  try {
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** Removes what could not be finished. That it cannot be removed is no second fault: its name says that it is not whole. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    return;
  }
}
