import { sealedKeyId } from '#shared/codec/sealed.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { KeyRing } from './key-ring.ts';
import { ownerOf, type Vault } from './vault.ts';

/** Secrets per transaction: large enough to be fast, small enough for runs in between. */
const BLOCK_ROWS = 500;

export interface RotationOptions {
  readonly database: WritableDatabase;
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  /** Names of the settings that contain a sealed secret; a name is also the secret's owner. */
  readonly settings: readonly string[];
}

export interface RotationReport {
  /** The new key. */
  readonly keyId: number;
  /** True when this finished an interrupted rotation. */
  readonly resumed: boolean;
  readonly resealed: number;
  /** Owners of secrets that no key opens. These secrets and the old keys stay stored. */
  readonly unreadable: readonly string[];
}

/**
 * Replaces the data key: makes a new key, seals every secret with it, block by block, and removes the old key when no secret
 * needs it. Both keys work meanwhile, so that runs go on and an interrupted rotation is finished by the next call.
 * Faults: `disk-full`, the signal's reason.
 *
 * @param onProgress gets the number of resealed triples
 */
export async function rotateKey(
  options: RotationOptions,
  onProgress: (resealedTriples: number) => void,
  by: Actor,
  signal: AbortSignal,
): Promise<RotationReport> {
  const { database, ring, audit } = options;
  const resumed = ring.all.length > 1;
  if (!resumed)
    await ring.add(() => audit.record(by, 'secrets.rotate-begin', 'data-key', { keyId: ring.current + 1 }));
  const keyId = ring.current;
  const unreadable = new Set<string>();
  const settings = resealSettings(options, unreadable);
  let resealed = settings;
  // Repeats until a round reseals nothing: an import may add secrets that it had sealed with the old key.
  for (let hasResealed = true; hasResealed;) {
    hasResealed = false;
    for (let after = 0; ;) {
      throwIfAborted(signal);
      const block = database.sealedSecrets.listAfter(after, BLOCK_ROWS);
      const last = block.at(-1);
      if (last === undefined) break;
      after = last.tripleId;
      const count = resealBlock(options, block, unreadable);
      resealed += count;
      hasResealed ||= count > 0;
      onProgress(resealed - settings);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  if (unreadable.size === 0)
    ring.removeOld(() => audit.record(by, 'secrets.rotate-end', 'data-key', { keyId, resealed }));
  // The write-ahead log still contains the overwritten secrets.
  database.checkpoint();
  return { keyId, resumed, resealed, unreadable: [...unreadable] };
}

function resealBlock(
  options: RotationOptions,
  block: ReturnType<WritableDatabase['sealedSecrets']['listAfter']>,
  unreadable: Set<string>,
): number {
  const { database, ring } = options;
  const old = block.filter(
    (row) => sealedKeyId(row.secret) !== ring.current && !unreadable.has(ownerOf(row)),
  );
  if (old.length === 0) return 0;
  return database.transaction(() => {
    let count = 0;
    for (const row of old) {
      const owner = ownerOf(row);
      const sealed = reseal(options.vault, row.secret, owner);
      if (sealed === null) {
        unreadable.add(owner);
        continue;
      }
      database.sealedSecrets.setSecret(row.tripleId, sealed);
      count += 1;
    }
    return count;
  });
}

function resealSettings(
  { database, ring, vault, settings }: RotationOptions,
  unreadable: Set<string>,
): number {
  return database.transaction(() => {
    let count = 0;
    for (const key of settings) {
      const stored = database.meta.get(key);
      if (stored === null) continue;
      const before = Buffer.from(stored, 'base64');
      if (sealedKeyId(before) === ring.current) continue;
      const sealed = reseal(vault, before, key);
      if (sealed === null) unreadable.add(key);
      else database.meta.set(key, Buffer.from(sealed).toString('base64'));
      count += sealed === null ? 0 : 1;
    }
    return count;
  });
}

/** Null when no key opens it: one lost secret must not stop the rotation of the others. */
function reseal(vault: Vault, sealed: Uint8Array, owner: string): Uint8Array | null {
  try {
    return vault.revealBytes(sealed, owner, (secret) => vault.sealBytes(secret, owner));
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return null;
    throw error;
  }
}
