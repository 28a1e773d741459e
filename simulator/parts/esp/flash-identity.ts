import type { NorFlash, StoredIdentity } from '../../flash/index.ts';
import { readNvs } from './nvs-reader.ts';
import type { Partition } from './partitions.ts';

/** Names of the keys by which the application finds the triple, in lower case and without separators. */
const NAMES = {
  productId: ['productid', 'pid'],
  deviceName: ['devicename', 'dn'],
  deviceSecret: ['devicesecret', 'ds', 'secret', 'psk'],
} as const;

/** The triple in the NVS partitions of a flash: three keys of one namespace. `null` when one of them is missing or empty. */
export function readIdentity(flash: NorFlash, partitions: readonly Partition[]): StoredIdentity | null {
  for (const { offset, bytes } of partitions) {
    const values = readNvs(flash.read(offset, Math.min(bytes, flash.bytes)));
    for (const namespace of new Set(values.map((value) => value.namespace))) {
      const find = (names: readonly string[]): string =>
        values
          .find(
            (value) =>
              value.namespace === namespace &&
              names.includes(value.key.toLowerCase().replaceAll('_', '').replaceAll('-', '')),
          )
          ?.bytes.toString('utf8') ?? '';
      const productId = find(NAMES.productId);
      const deviceName = find(NAMES.deviceName);
      const deviceSecret = find(NAMES.deviceSecret);
      if (productId !== '' && deviceName !== '' && deviceSecret !== '')
        return { productId, deviceName, deviceSecret, region: '' };
    }
  }
  return null;
}
