import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createAuditTable } from './audit.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createBatchTable } from './batches.ts';
import { type Db, openDatabase, openDatabaseForReading } from './database.ts';
import { createFirmwareTable } from './firmware.ts';
import { createImportTable } from './imports.ts';
import { findViolations } from './invariants.ts';
import { createLeaseTable } from './leases.ts';
import { lockDataDir } from './lock.ts';
import { createMetaTable, createSecretKeyTable } from './meta.ts';
import { createOutboxTable } from './outbox.ts';
import { createPersonTable } from './people.ts';
import { createReportRunTable } from './report-runs.ts';
import { createRunTable } from './runs.ts';
import { asStoreFault, corrupt } from './store-fault.ts';
import { createTripleTable } from './triples.ts';
import { createUnitTable } from './units.ts';

export type Store = ReturnType<typeof createStore>;

/** The file inside a data directory. */
export function storeFile(dataDir: string): string {
  return join(dataDir, 'station.db');
}

/** Opens the store as its owner. Faults: `data-busy` when another process owns it, and those of `openDatabase`. */
export function openStore(dataDir: string): Store {
  const lock = lockDataDir(dataDir);
  try {
    const { db } = openDatabase(storeFile(dataDir));
    return withTables(db, storeFile(dataDir), lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** Opens the store beside its owner, for looking only. */
export function openStoreForReading(dataDir: string): Store {
  const file = storeFile(dataDir);
  return withTables(openDatabaseForReading(file), file, null);
}

/** Every statement is prepared here, so a table or a column that is missing shows at once. */
function withTables(db: Db, file: string, lock: Disposable | null): Store {
  try {
    return createStore(db, file, lock);
  } catch (error) {
    db.close();
    const known = asStoreFault(error, file);
    throw known instanceof Fault ? known : corrupt(file, 'its tables are not as they should be', error);
  }
}

function createStore(db: Db, file: string, lock: Disposable | null) {
  const run = db.transaction((work: () => unknown) => work());
  return {
    file,
    meta: createMetaTable(db),
    secretKeys: createSecretKeyTable(db),
    units: createUnitTable(db),
    triples: createTripleTable(db),
    leases: createLeaseTable(db),
    firmware: createFirmwareTable(db),
    imports: createImportTable(db),
    batches: createBatchTable(db),
    runs: createRunTable(db),
    reportRuns: createReportRunTable(db),
    outbox: createOutboxTable(db),
    audit: createAuditTable(db),
    people: createPersonTable(db),
    findViolations: () => findViolations(db),

    /**
     * All or nothing, durable when it returns. `work` is synchronous: nothing else can come in between.
     * Faults: those of SQLite, as `disk-full`, `database-corrupt`, …
     */
    transaction<T>(work: () => T): T {
      try {
        return run.immediate(work) as T;
      } catch (error) {
        throw asStoreFault(error, file);
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
        renameSync(part, target);
      } catch (error) {
        rmSync(part, { force: true });
        throw asStoreFault(error, target);
      }
      return target;
    },

    close(): void {
      db.close();
      lock?.[Symbol.dispose]();
    },
  };
}
