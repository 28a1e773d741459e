import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { batchBalance, type BatchBalance } from '#shared/signed/index.ts';
import type { ReadableDatabase } from '../../../core/database/index.ts';
import { verifySignedFile } from '../../../core/signed-files/index.ts';

/** The last signed balance of a batch. */
export interface SignedBalance {
  readonly document: BatchBalance;
  /** SHA-256 of its file, in hex. */
  readonly sha256: string;
  /** Fingerprint of the key. */
  readonly keyId: string;
}

/** `null` when none was signed, or when the stored one is not whole. */
export async function readSignedBalance(
  { signedDocuments }: ReadableDatabase,
  batchId: string,
): Promise<SignedBalance | null> {
  const row = signedDocuments.findLatest('batch-balance', batchId);
  if (row === null) return null;
  const file = await promisify(inflateRaw)(row.content).catch(() => null);
  const verified = file === null ? null : verifySignedFile(file);
  const parsed = verified?.whole === true ? batchBalance.safeParse(verified.document) : null;
  return parsed?.data === undefined ? null : { document: parsed.data, sha256: row.sha256, keyId: row.keyId };
}
