import { ledgerNote } from '#shared/domain/ledger-note.ts';
import { hash } from 'node:crypto';
import { canonicalSecret } from '#shared/codec/canonical-secret.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { ownerOf, type Vault } from './vault.ts';

/** Setting with the sealed key of the digests, see `SEALED_SETTINGS`. */
export const SECRET_DIGEST_KEY = 'triples.digest-key';

const KEY_BYTES = 32;
/** Triples per transaction: large enough to be fast, small enough for runs in between. */
const BLOCK_ROWS = 500;
const HASH_BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const MAX_SECRET_BYTES = 256;

/**
 * A keyed digest of a DeviceSecret (HMAC-SHA-256, 32 bytes), which finds equal secrets without opening them. Without the key
 * a secret cannot be guessed from it. Secrets with the same `canonicalSecret` are equal.
 */
export type SecretDigest = (secret: Uint8Array) => Buffer;

/**
 * The digest of this ledger. Its key is made once and stored sealed. When the key cannot be opened, after a restore without a
 * key, a new one is made and the stored digests are deleted.
 */
export function openSecretDigest(database: WritableDatabase, vault: Vault, platform: Platform): SecretDigest {
  const stored = database.meta.get(SECRET_DIGEST_KEY);
  const key = (stored === null ? null : openKey(vault, stored)) ?? makeKey(database, vault, platform);
  return createSecretDigest(key);
}

/** The digest of this ledger, after the missing digests were computed; names with one secret are logged. */
export function openFilledSecretDigest(
  database: WritableDatabase,
  vault: Vault,
  platform: Platform,
): SecretDigest {
  const digest = openSecretDigest(database, vault, platform);
  const { doubled } = fillSecretDigests(database, vault, digest, platform.clock.nowMs());
  if (doubled.length > 0)
    platform.log.warn('triples.one-secret-twice', { names: doubled.slice(0, 20).join(' ') });
  return digest;
}

/** The digest with a given key of up to 64 bytes. */
export function createSecretDigest(key: Uint8Array): SecretDigest {
  const hmac = createHmacSha256(key);
  return (secret) => {
    const canonical = canonicalSecret(secret);
    const digest = hmac(canonical);
    canonical.fill(0);
    return digest;
  };
}

/**
 * HMAC (RFC 2104) that pads its key once. The HMAC of Node prepares the key for each message, which takes ten times as long
 * as hashing a secret.
 */
function createHmacSha256(key: Uint8Array): (message: Uint8Array) => Buffer {
  const inner = Buffer.alloc(HASH_BLOCK_BYTES + MAX_SECRET_BYTES, 0x36);
  const outer = Buffer.alloc(HASH_BLOCK_BYTES + HASH_BYTES, 0x5c);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (message) => {
    if (message.length > MAX_SECRET_BYTES) throw new Error('a secret to digest is too long');
    inner.set(message, HASH_BLOCK_BYTES);
    const part = inner.subarray(0, HASH_BLOCK_BYTES + message.length);
    outer.set(hash('sha256', part, 'buffer'), HASH_BLOCK_BYTES);
    part.fill(0, HASH_BLOCK_BYTES);
    return hash('sha256', outer, 'buffer');
  };
}

/**
 * Computes missing digests: of triples of older versions and of restored names. A secret that no key opens gets none. Of two
 * names with the same secret, one that is still available is quarantined; when both are in units, the audit of identities
 * reports them. Returns the names whose secret another name had before.
 */
export function fillSecretDigests(
  database: WritableDatabase,
  vault: Vault,
  digest: SecretDigest,
  atMs: number,
): { readonly filled: number; readonly doubled: readonly string[] } {
  let filled = 0;
  const doubled: string[] = [];
  for (let after = 0; ;) {
    const block = database.sealedSecrets.listUndigested(after, BLOCK_ROWS);
    const last = block.at(-1);
    if (last === undefined) return { filled, doubled };
    after = last.tripleId;
    const digests = block.flatMap((row) => {
      const secretDigest = digestOf(vault, digest, row);
      return secretDigest === null ? [] : [{ ...row, digest: secretDigest }];
    });
    database.transaction(() => {
      for (const row of digests) {
        if (database.sealedSecrets.setDigest(row.tripleId, row.digest)) filled += 1;
        else {
          doubled.push(`${row.productId}/${row.deviceName}`);
          quarantineDuplicate(database, row.tripleId, row.digest, atMs);
        }
      }
    });
  }
}

/** Quarantines an available triple of the two, so that no two units get the same secret. */
function quarantineDuplicate(
  database: WritableDatabase,
  tripleId: number,
  digest: Uint8Array,
  atMs: number,
): void {
  const pair = [database.triples.findById(tripleId), database.triples.findBySecret(digest)];
  for (const [at, row] of pair.entries()) {
    if (row?.state !== 'available') continue;
    const note = ledgerNote('sameSecret', { deviceName: pair[1 - at]?.deviceName ?? '' });
    database.triples.applyEvent(row, 'conflict', { at: atMs, runId: null, note });
    return;
  }
}

function digestOf(
  vault: Vault,
  digest: SecretDigest,
  row: { readonly productId: string; readonly deviceName: string; readonly secret: Uint8Array },
): Uint8Array | null {
  try {
    return vault.revealBytes(row.secret, ownerOf(row), digest);
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return null;
    throw error;
  }
}

function makeKey(database: WritableDatabase, vault: Vault, platform: Platform): Uint8Array {
  const key = Uint8Array.from(platform.random.bytes(KEY_BYTES));
  const sealed = vault.sealBytes(key, SECRET_DIGEST_KEY);
  database.transaction(() => {
    database.sealedSecrets.removeDigests();
    database.meta.set(SECRET_DIGEST_KEY, Buffer.from(sealed).toString('base64'));
  });
  return key;
}

/** Null when no key of this station opens it. */
function openKey(vault: Vault, stored: string): Uint8Array | null {
  try {
    return vault.revealBytes(Buffer.from(stored, 'base64'), SECRET_DIGEST_KEY, (key) => Uint8Array.from(key));
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return null;
    throw error;
  }
}
