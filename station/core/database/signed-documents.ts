import type { DocumentKind } from '#shared/signed/index.ts';
import type { Db } from './database.ts';

/** Why a key was made: the first one, by a person's decision, or because the private one before cannot be opened any more. */
export type SigningKeyReason = 'first' | 'rotated' | 'lost';

export interface SigningKeyRow {
  /** SHA-256 of the public key, in hex. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** Signature of the public key by itself. */
  readonly proof: Uint8Array;
  readonly reason: SigningKeyReason;
  readonly createdAtMs: number;
}

export interface SignedDocumentRow {
  readonly kind: DocumentKind;
  /** The id of a batch or of a run. */
  readonly subject: string;
  readonly keyId: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
  /** The file, compressed (RFC 1951). */
  readonly content: Uint8Array;
  readonly madeAtMs: number;
  readonly madeBy: string;
}

/** The public keys of the station, and the documents that it has signed. Both are only added. */
export function createSignedDocumentRepository(db: Db) {
  const keys = db.prepare<[], SigningKeyRow>(
    `SELECT key_id AS keyId, public_key AS publicKey, proof, reason, created_at AS createdAtMs FROM signing_key ORDER BY seq`,
  );
  const addKey = db.prepare(
    'INSERT INTO signing_key (key_id, public_key, proof, reason, created_at) VALUES (?, ?, ?, ?, ?)',
  );
  const add = db.prepare(
    `INSERT INTO signed_document (kind, subject, key_id, sha256, content, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO NOTHING`,
  );
  const latest = db.prepare<[string, string], SignedDocumentRow>(
    `SELECT kind, subject, key_id AS keyId, sha256, content, made_at AS madeAtMs, made_by AS madeBy FROM signed_document
     WHERE kind = ? AND subject = ? ORDER BY document_id DESC LIMIT 1`,
  );
  return {
    /** Oldest first; the last one is in use. */
    listKeys: () => keys.all(),
    addKey: ({ keyId, publicKey, proof, reason, createdAtMs }: SigningKeyRow): void =>
      void addKey.run(keyId, publicKey, proof, reason, createdAtMs),
    /** The same file is stored once. */
    add: ({ kind, subject, keyId, sha256, content, madeAtMs, madeBy }: SignedDocumentRow): void =>
      void add.run(kind, subject, keyId, sha256, content, madeAtMs, madeBy),
    findLatest: (kind: DocumentKind, subject: string) => latest.get(kind, subject) ?? null,
  };
}
