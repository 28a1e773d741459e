import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';

/** The opened data keys that seal this station's secrets: one, and two during a rotation. */
export interface KeyRing {
  /** The newest key, which seals. */
  readonly current: number;
  readonly all: readonly number[];
  /** Faults: `secret-unreadable` when the station does not have the key. */
  key(keyId: number): Uint8Array;
  /** Adds a new key as the current one; `also` writes in the same transaction. */
  add(also: () => void): Promise<void>;
  /** Deletes every key but the current one; `also` as above. No secret may be sealed with them. */
  removeOld(also: () => void): void;
}

/** The data keys of a station that is only read: it opens secrets and seals none. */
export type ReadableKeyRing = Pick<KeyRing, 'all' | 'current' | 'key'>;

/** Opens the data keys beside their owner; there may be none. Faults: `secret-unreadable` when the host's key does not open them. */
export async function openKeyRingForReading(
  database: ReadableDatabase,
  platform: Platform,
): Promise<ReadableKeyRing> {
  return readableRing(await unwrapKeys(database, platform));
}

/** Opens the data keys, or makes the first one. Faults: `secret-unreadable` when the host's key does not open them. */
export async function openKeyRing(database: WritableDatabase, platform: Platform): Promise<KeyRing> {
  const keys = await unwrapKeys(database, platform);
  const newest = (): number => newestOf(keys);

  const ring: KeyRing = Object.assign(readableRing(keys), {
    async add(also: () => void) {
      const keyId = newest() + 1;
      const key = platform.random.bytes(32);
      const wrapped = await platform.secretBox.wrap(key);
      database.transaction(() => {
        database.secretKeys.add(keyId, wrapped, platform.clock.nowMs());
        also();
      });
      keys.set(keyId, key);
    },
    removeOld(also: () => void) {
      const old = [...keys.keys()].filter((keyId) => keyId !== newest());
      database.transaction(() => {
        for (const keyId of old) database.secretKeys.remove(keyId);
        also();
      });
      for (const keyId of old) {
        keys.get(keyId)?.fill(0);
        keys.delete(keyId);
      }
    },
  });
  if (keys.size === 0) await ring.add(() => undefined);
  return ring;
}

async function unwrapKeys(
  database: ReadableDatabase,
  { secretBox }: Platform,
): Promise<Map<number, Uint8Array>> {
  const keys = new Map<number, Uint8Array>();
  for (const { keyId, wrapped } of database.secretKeys.list())
    keys.set(keyId, await secretBox.unwrap(wrapped));
  return keys;
}

function newestOf(keys: ReadonlyMap<number, Uint8Array>): number {
  return Math.max(0, ...keys.keys());
}

function readableRing(keys: ReadonlyMap<number, Uint8Array>): ReadableKeyRing {
  return {
    get current() {
      return newestOf(keys);
    },
    get all() {
      return [...keys.keys()];
    },
    key(keyId) {
      const key = keys.get(keyId);
      if (key !== undefined) return key;
      throw new Fault(
        'secret-unreadable',
        `a secret is sealed with key ${keyId}, which this station does not have`,
        { hint: 'Restore the last backup together with its key.' },
      );
    },
  };
}
