import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditTable } from './audit.ts';
import { createBatchTable } from './batches.ts';
import { type Db, openDatabase, openDatabaseForReading } from './database.ts';
import { createImportTable } from './imports.ts';
import { findViolations } from './invariants.ts';
import { createLeaseTable } from './leases.ts';
import { lockDataDir } from './lock.ts';
import { createMetaTable, createSecretKeyTable } from './meta.ts';
import { createOutboxTable } from './outbox.ts';
import { createPersonTable } from './people.ts';
import { createRunTable } from './runs.ts';
import { asStoreFault } from './store-fault.ts';
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
    return createStore(db, storeFile(dataDir), lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** Opens the store beside its owner, for looking only. */
export function openStoreForReading(dataDir: string): Store {
  const file = storeFile(dataDir);
  return createStore(openDatabaseForReading(file), file, null);
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
    imports: createImportTable(db),
    batches: createBatchTable(db),
    runs: createRunTable(db),
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

    /** An online copy in `backups/`, named by time; returns its path. */
    async backup(stamp: string): Promise<string> {
      const dir = join(file, '..', 'backups');
      mkdirSync(dir, { recursive: true });
      const target = join(dir, `station-${stamp}.db`);
      if (!existsSync(target)) await db.backup(target);
      return target;
    },

    close(): void {
      db.close();
      lock?.[Symbol.dispose]();
    },
  };
}
