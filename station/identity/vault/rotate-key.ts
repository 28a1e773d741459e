import { sealedKeyId } from '#shared/codec/sealed.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Actor, AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { KeyRing } from './key-ring.ts';
import { ownerOf, type Vault } from './vault.ts';

/** Secrets sealed anew in one transaction: enough to be quick, few enough to let runs in between. */
const BLOCK = 500;

export interface RotationParts {
  readonly database: WritableDatabase;
  readonly ring: KeyRing;
  readonly vault: Vault;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  /** Single secrets beside the triples': where each is kept, which is also whom it belongs to. */
  readonly settings: readonly string[];
}

export interface RotationReport {
  /** The key that everything is sealed with now. */
  readonly keyId: number;
  /** True when this finished a change of keys that had been cut off. */
  readonly resumed: boolean;
  readonly resealed: number;
  /** Secrets that no key opens. They stay as they are, and so do the old keys. */
  readonly unreadable: readonly string[];
}

/**
 * Changes the data key: a new one is made, every secret is sealed with it, block by block, and the old one is removed
 * when nothing needs it any more. Both open what they sealed in between, so that it may be cut off at any moment and
 * runs may go on; done again, it finishes what was begun. `onProgress` is told of triples. Faults: `disk-full`, and the signal's reason.
 */
export async function rotateKey(
  parts: RotationParts,
  by: Actor,
  onProgress: (resealedTriples: number) => void,
  signal: AbortSignal,
): Promise<RotationReport> {
  const { database, ring, audit } = parts;
  const resumed = ring.all.length > 1;
  if (!resumed)
    await ring.add(() => audit.record(by, 'secrets.rotate-begin', 'data-key', { keyId: ring.current + 1 }));
  const keyId = ring.current;
  const unreadable = new Set<string>();
  const settings = resealSettings(parts, unreadable);
  let resealed = settings;
  // Until a whole round finds nothing: an import may have brought what it had sealed before.
  for (let found = true; found;) {
    found = false;
    for (let after = 0; ;) {
      throwIfAborted(signal);
      const block = database.sealedSecrets.listAfter(after, BLOCK);
      const last = block.at(-1);
      if (last === undefined) break;
      after = last.tripleId;
      const done = resealBlock(parts, block, unreadable);
      resealed += done;
      found ||= done > 0;
      onProgress(resealed - settings);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  if (unreadable.size === 0)
    ring.removeOld(() => audit.record(by, 'secrets.rotate-end', 'data-key', { keyId, resealed }));
  // What was overwritten must not lie on in the log of writes.
  database.checkpoint();
  return { keyId, resumed, resealed, unreadable: [...unreadable] };
}

function resealBlock(
  parts: RotationParts,
  block: ReturnType<WritableDatabase['sealedSecrets']['listAfter']>,
  unreadable: Set<string>,
): number {
  const { database, ring } = parts;
  const old = block.filter(
    (row) => sealedKeyId(row.secret) !== ring.current && !unreadable.has(ownerOf(row)),
  );
  if (old.length === 0) return 0;
  return database.transaction(() => {
    let done = 0;
    for (const row of old) {
      const owner = ownerOf(row);
      const sealed = reseal(parts.vault, row.secret, owner);
      if (sealed === null) {
        unreadable.add(owner);
        continue;
      }
      database.sealedSecrets.setSecret(row.tripleId, sealed);
      done += 1;
    }
    return done;
  });
}

function resealSettings({ database, ring, vault, settings }: RotationParts, unreadable: Set<string>): number {
  return database.transaction(() => {
    let done = 0;
    for (const key of settings) {
      const kept = database.meta.get(key);
      if (kept === null) continue;
      const before = Buffer.from(kept, 'base64');
      if (sealedKeyId(before) === ring.current) continue;
      const sealed = reseal(vault, before, key);
      if (sealed === null) unreadable.add(key);
      else database.meta.set(key, Buffer.from(sealed).toString('base64'));
      done += sealed === null ? 0 : 1;
    }
    return done;
  });
}

/** Null when it does not open: one secret that is lost must not keep the others under a key that is to go. */
function reseal(vault: Vault, sealed: Uint8Array, owner: string): Uint8Array | null {
  try {
    return vault.revealBytes(sealed, owner, (secret) => vault.sealBytes(secret, owner));
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return null;
    throw error;
  }
}
