import type { Db } from './open-database.ts';

/** Writes without a sync of the disk. In WAL mode a power cut can lose the last of these writes, but not damage the file. */
export function withRelaxedSync(db: Db, work: () => void): void {
  if (db.inTransaction) return work();
  db.pragma('synchronous = NORMAL');
  try {
    work();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
