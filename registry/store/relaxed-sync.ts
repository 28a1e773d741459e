import type { Db } from './open-database.ts';

/**
 * Writes without waiting for the disk. In WAL mode `synchronous=NORMAL` never harms the file; a power cut loses the last
 * such writes at worst.
 */
export function withRelaxedSync(db: Db, work: () => void): void {
  if (db.inTransaction) return work();
  db.pragma('synchronous = NORMAL');
  try {
    work();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
