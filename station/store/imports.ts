import type { Db } from './database.ts';

export interface ImportRow {
  readonly productId: string;
  readonly deviceName: string;
  readonly sealed: Uint8Array;
}

/** Rows of an import under way. They become triples all at once, or are thrown away. */
export function createImportTable(db: Db) {
  const add = db.prepare(
    'INSERT INTO import_row (import_id, seq, product_id, device_name, secret) VALUES (?, ?, ?, ?, ?)',
  );
  const takeOver = db.prepare(`
    INSERT INTO triple (product_id, device_name, secret, state, source, created_at, changed_at)
    SELECT product_id, device_name, secret, 'available', ?, ?, ? FROM import_row WHERE import_id = ? ORDER BY seq`);
  const discard = db.prepare('DELETE FROM import_row WHERE import_id = ?');
  const discardAll = db.prepare('DELETE FROM import_row');
  return {
    stage(importId: string, firstSeq: number, rows: readonly ImportRow[]): void {
      rows.forEach((row, index) =>
        add.run(importId, firstSeq + index, row.productId, row.deviceName, row.sealed),
      );
    },
    /** Makes triples of all rows; returns how many. Call it inside a transaction. */
    takeOver(importId: string, source: string, at: number): number {
      const added = takeOver.run(source, at, at, importId).changes;
      discard.run(importId);
      return added;
    },
    discard: (importId: string): void => void discard.run(importId),
    /** What an import that was killed has left. */
    discardAll: (): void => void discardAll.run(),
  };
}
