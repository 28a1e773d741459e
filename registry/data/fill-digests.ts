import { Fault } from '#shared/domain/fault.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';

/** Devices per transaction. */
const CHUNK = 1000;

/**
 * Computes missing digests of secrets, which devices of older versions do not have; digests find equal secrets under several
 * names. A secret that cannot be opened gets none.
 */
export function fillDigests(store: Store, vault: Vault): void {
  for (let after = 0; ;) {
    const block = store.devices.undigested(after, CHUNK);
    const last = block.at(-1);
    if (last === undefined) return;
    after = last.id;
    const digests = block.flatMap(({ id, productId, deviceName, sealedSecret }) => {
      const secret = openOrNull(() => vault.open(productId, deviceName, sealedSecret));
      return secret === null ? [] : [{ id, digest: vault.digest(secret) }];
    });
    store.write(() => {
      for (const { id, digest } of digests) store.devices.setDigest(id, digest);
    });
  }
}

function openOrNull(open: () => string): string | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof Fault && error.code === 'secret-unreadable') return null;
    throw error;
  }
}
