import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Store } from '../../core/database/index.ts';

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

/** Opens the data keys, or makes the first one. Faults: `secret-unreadable` when the host's key does not open them. */
export async function openKeyRing(store: Store, platform: Platform): Promise<KeyRing> {
  const keys = new Map<number, Uint8Array>();
  for (const { keyId, wrapped } of store.secretKeys.all())
    keys.set(keyId, await platform.secretBox.unwrap(wrapped));
  const newest = (): number => Math.max(0, ...keys.keys());

  const ring: KeyRing = {
    get current() {
      return newest();
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
    async add(also) {
      const keyId = newest() + 1;
      const key = platform.random.bytes(32);
      const wrapped = await platform.secretBox.wrap(key);
      store.transaction(() => {
        store.secretKeys.add(keyId, wrapped, platform.clock.nowMs());
        also();
      });
      keys.set(keyId, key);
    },
    removeOld(also) {
      const old = [...keys.keys()].filter((keyId) => keyId !== newest());
      store.transaction(() => {
        for (const keyId of old) store.secretKeys.remove(keyId);
        also();
      });
      for (const keyId of old) {
        keys.get(keyId)?.fill(0);
        keys.delete(keyId);
      }
    },
  };
  if (keys.size === 0) await ring.add(() => undefined);
  return ring;
}
