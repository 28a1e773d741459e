import type { Db } from './database.ts';

export interface SealedRow {
  readonly tripleId: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly secret: Uint8Array;
  /** 0 for a quarantined or retired triple. */
  readonly inUse: 0 | 1;
}

/** A triple whose secret has no digest yet. */
export type UndigestedRow = Omit<SealedRow, 'inUse'>;

/** The sealed secrets of all triples, to seal them with another key, and the digests of the secrets. */
export function createSealedSecretRepository(db: Db) {
  const after = db.prepare<[number, number], SealedRow>(
    `SELECT triple_id AS tripleId, product_id AS productId, device_name AS deviceName, secret,
       state NOT IN ('quarantined', 'retired') AS inUse
     FROM triple WHERE triple_id > ? ORDER BY triple_id LIMIT ?`,
  );
  const set = db.prepare<[Uint8Array, number]>('UPDATE triple SET secret = ? WHERE triple_id = ?');
  const undigested = db.prepare<[number, number], UndigestedRow>(
    `SELECT triple_id AS tripleId, product_id AS productId, device_name AS deviceName, secret FROM triple
     WHERE secret_digest IS NULL AND same_secret_as IS NULL AND triple_id > ? ORDER BY triple_id LIMIT ?`,
  );
  const setDigest = db.prepare<[Uint8Array, number]>(
    'UPDATE OR IGNORE triple SET secret_digest = ? WHERE triple_id = ?',
  );
  const setTwin = db.prepare<[Uint8Array, number]>(
    'UPDATE triple SET same_secret_as = (SELECT triple_id FROM triple WHERE secret_digest = ?) WHERE triple_id = ?',
  );
  const forget = db.prepare(
    'UPDATE triple SET secret_digest = NULL, same_secret_as = NULL WHERE secret_digest IS NOT NULL OR same_secret_as IS NOT NULL',
  );
  return {
    /** Triples without a digest of their secret, by number. */
    listUndigested: (tripleId: number, limit: number) => undigested.all(tripleId, limit),
    /** False when another triple has this secret: then the triple refers to that one. */
    setDigest(tripleId: number, digest: Uint8Array): boolean {
      if (setDigest.run(digest, tripleId).changes === 1) return true;
      setTwin.run(digest, tripleId);
      return false;
    },
    /** Removes all digests, because their key is lost. Returns how many there were. */
    removeDigests: (): number => forget.run().changes,
    listAfter: (tripleId: number, limit: number) => after.all(tripleId, limit),
    setSecret: (tripleId: number, secret: Uint8Array): void => void set.run(secret, tripleId),
  };
}
