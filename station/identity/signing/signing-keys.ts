import { setImmediate as nextTurn } from 'node:timers/promises';
import { ed25519Fingerprint, ed25519PublicKey, ed25519Sign, ed25519SignNow } from '#node-kit/crypto/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type DocumentSignature, signedBytes, type SignedKind } from '#shared/signed/index.ts';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type {
  ReadableDatabase,
  SigningKeyReason,
  SigningKeyRow,
  WritableDatabase,
} from '../../core/database/index.ts';
import type { Vault } from '../vault/vault.ts';

/** Setting with the sealed private key of the signatures, see `SEALED_SETTINGS`. */
export const SIGNING_KEY = 'station.signing-key';

const KEY_BYTES = 32;

/** A signature, and the bytes of its content. */
export interface Signed {
  readonly content: Uint8Array;
  readonly signature: DocumentSignature;
}

/** Signs with the key of the station. */
export interface Signer {
  /** @param content the text of a document, as it is in the file */
  sign(kind: SignedKind, content: string): Promise<Signed>;
}

/**
 * The Ed25519 keys (RFC 8032) that the station signs documents with. The private key is sealed like other secrets; it is made
 * when it is needed first. Each public key stays, so that documents of earlier keys keep their owner.
 */
export class SigningKeys implements Signer {
  readonly #database: WritableDatabase;
  readonly #vault: Vault;
  readonly #platform: Pick<Platform, 'clock' | 'log' | 'random'>;
  readonly #audit: AuditTrail;
  readonly #onNewKey: () => void;

  /** @param onNewKey called after a key was made, which the registry has to learn */
  constructor(
    database: WritableDatabase,
    vault: Vault,
    platform: Pick<Platform, 'clock' | 'log' | 'random'>,
    audit: AuditTrail,
    onNewKey: () => void,
  ) {
    this.#database = database;
    this.#vault = vault;
    this.#platform = platform;
    this.#audit = audit;
    this.#onNewKey = onNewKey;
  }

  /** All public keys, oldest first. */
  list(): SigningKeyRow[] {
    return this.#database.signedDocuments.listKeys();
  }

  /** Makes the first key, or a new one when the private key cannot be opened any more: after a move, or a restore without its key. */
  ensure(by: Actor = STATION_ITSELF): SigningKeyRow {
    const current = currentKey(this.#database, this.#vault);
    if (current !== null) return current;
    return this.#make(this.list().length === 0 ? 'first' : 'lost', by);
  }

  /** Makes a new key; documents that were signed before stay valid with theirs. */
  rotate(by: Actor): SigningKeyRow {
    return this.#make(this.list().length === 0 ? 'first' : 'rotated', by);
  }

  async sign(kind: SignedKind, content: string): Promise<Signed> {
    const bytes = await bytesOf(kind, content);
    const key = this.ensure();
    return signWith(this.#database, this.#vault, key, bytes);
  }

  #make(reason: SigningKeyReason, by: Actor): SigningKeyRow {
    const { clock, log, random } = this.#platform;
    const privateKey = Buffer.from(random.bytes(KEY_BYTES));
    try {
      const publicKey = ed25519PublicKey(privateKey);
      const keyId = ed25519Fingerprint(publicKey);
      const proof = ed25519SignNow(privateKey, signedBytes('station-key', publicKey));
      const sealed = this.#vault.sealBytes(privateKey, SIGNING_KEY);
      const key = { keyId, publicKey, proof, reason, createdAtMs: clock.nowMs() };
      this.#database.transaction(() => {
        this.#database.signedDocuments.addKey(key);
        this.#database.meta.set(SIGNING_KEY, Buffer.from(sealed).toString('base64'));
        this.#audit.record(by, 'signing.key', keyId, { reason });
      });
      log.info('signing.key-made', { keyId, reason });
      this.#onNewKey();
      return key;
    } finally {
      privateKey.fill(0);
    }
  }
}

/**
 * A signer beside the owner of the database, which stores nothing; null when the station has no key yet.
 * Faults: `secret-unreadable`.
 */
export function openSigner(database: ReadableDatabase, vault: Vault): Signer | null {
  const key = currentKey(database, vault);
  return key === null
    ? null
    : {
        sign: async (kind, content) => signWith(database, vault, key, await bytesOf(kind, content)),
      };
}

/** The newest key, when its private key is there. Faults: `secret-unreadable`. */
function currentKey(database: ReadableDatabase, vault: Vault): SigningKeyRow | null {
  const stored = database.meta.get(SIGNING_KEY);
  const newest = database.signedDocuments.listKeys().at(-1);
  if (stored === null || newest === undefined) return null;
  const isItsKey = vault.revealBytes(Buffer.from(stored, 'base64'), SIGNING_KEY, (privateKey) =>
    ed25519PublicKey(privateKey).equals(newest.publicKey),
  );
  return isItsKey ? newest : null;
}

interface Bytes {
  readonly content: Buffer;
  readonly toSign: Uint8Array;
}

/** Each copy of a large document takes a turn of its own. */
async function bytesOf(kind: SignedKind, text: string): Promise<Bytes> {
  const content = Buffer.from(text);
  await nextTurn();
  const toSign = signedBytes(kind, content);
  await nextTurn();
  return { content, toSign };
}

async function signWith(
  database: ReadableDatabase,
  vault: Vault,
  { keyId, publicKey }: SigningKeyRow,
  { content, toSign }: Bytes,
): Promise<Signed> {
  const sealed = Buffer.from(database.meta.get(SIGNING_KEY) ?? '', 'base64');
  // The key is copied into the key object before the vault wipes its bytes.
  const signing = vault.revealBytes(sealed, SIGNING_KEY, (privateKey) => ed25519Sign(privateKey, toSign));
  const value = (await signing).toString('base64');
  const signature = {
    algorithm: 'Ed25519' as const,
    keyId,
    publicKey: Buffer.from(publicKey).toString('base64'),
    value,
  };
  return { content, signature };
}
