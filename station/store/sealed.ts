import type { Db } from './database.ts';

export interface SealedRow {
  readonly tripleId: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly secret: Uint8Array;
  /** 0 for one that is in no unit and that no unit gets any more. */
  readonly inUse: 0 | 1;
}

/** The sealed secrets of all triples, for sealing them with another key. */
export function createSealedTable(db: Db) {
  const after = db.prepare<[number, number], SealedRow>(
    `SELECT triple_id AS tripleId, product_id AS productId, device_name AS deviceName, secret,
       state NOT IN ('quarantined', 'retired') AS inUse
     FROM triple WHERE triple_id > ? ORDER BY triple_id LIMIT ?`,
  );
  const set = db.prepare<[Uint8Array, number]>('UPDATE triple SET secret = ? WHERE triple_id = ?');
  return {
    after: (tripleId: number, limit: number) => after.all(tripleId, limit),
    set: (tripleId: number, secret: Uint8Array): void => void set.run(secret, tripleId),
  };
}
