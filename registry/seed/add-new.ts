import { randomBytes } from 'node:crypto';
import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';
import { insertDevice } from './insert-device.ts';

/** Random bytes of a new secret: 16, as Tencent's PSKs have. */
const SECRET_BYTES = 16;
/** Triples made between two waits for the write lock: a running service gets its turn in between. */
const CHUNK = 2000;

/** Adds `count` new triples named by `prefix` and a number, each chunk durable on its own. */
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

/** The next free names. A number given out here is never given out again, used or not. */
function reserveNames(store: Store, productId: string, prefix: string, count: number): string[] {
  const names: string[] = [];
  let number = store.products.lastNumber(productId, prefix);
  while (names.length < count) {
    number += 1;
    const deviceName = `${prefix}${String(number).padStart(6, '0')}`;
    // A list given earlier may have used this name.
    if (store.devices.factsByClientId(productId + deviceName) === null) names.push(deviceName);
  }
  store.products.setLastNumber(productId, prefix, number);
  return names;
}
