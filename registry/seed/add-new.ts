import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';
import { randomBytes } from '../platform.ts';
import { insertDevice } from './insert-device.ts';

/** Random bytes of a new secret, as in Tencent's PSKs. */
const SECRET_BYTES = 16;
/** Triples per transaction: a running service gets the write lock in between. */
const CHUNK = 2000;

/** Adds `count` new triples, named by prefix and number; each chunk is one transaction. */
export function addNew(
  store: Store,
  vault: Vault,
  productId: string,
  prefix: string,
  count: number,
  nowMs: number,
): void {
  for (let left = count; left > 0; left -= CHUNK) {
    const names = store.write(() => reserveNames(store, productId, prefix, Math.min(left, CHUNK)));
    const sealed = names.map((deviceName) => {
      const deviceSecret = randomBytes(SECRET_BYTES).toString('base64');
      const sealedSecret = vault.seal(productId, deviceName, deviceSecret);
      return { productId, deviceName, sealedSecret, secretDigest: vault.digest(deviceSecret) };
    });
    store.write(() => {
      for (const device of sealed) insertDevice(store, device, nowMs);
    });
  }
}

/** Reserves the next free names. A reserved number is never used again. */
function reserveNames(store: Store, productId: string, prefix: string, count: number): string[] {
  const names: string[] = [];
  let number = store.products.lastNumber(productId, prefix);
  while (names.length < count) {
    number += 1;
    const deviceName = `${prefix}${String(number).padStart(6, '0')}`;
    // A list may have used this name.
    if (store.devices.factsByClientId(productId + deviceName) === null) names.push(deviceName);
  }
  store.products.setLastNumber(productId, prefix, number);
  return names;
}
