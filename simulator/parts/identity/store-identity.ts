import type { StoredIdentity } from '../../flash/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';

/** `no-reply`: the device does not reply, because it has restarted or the reply is lost. */
export type Stored = 'stored' | 'failed' | 'no-reply';

/**
 * Writes an identity into flash, subject to the write faults. An identity that is stored already is not written again,
 * as in the published firmware of AT modules. `restart` is called where the device loses its supply for a moment.
 */
export async function storeIdentity(
  { faults, flash, onError }: DeviceContext,
  identity: StoredIdentity,
  restart: () => void,
): Promise<Stored> {
  if (faults.get('reboot-on-write')?.when === 'before') {
    faults.take('reboot-on-write');
    restart();
    return 'no-reply';
  }
  if (faults.take('forget') !== null) return 'stored';
  const wrong = faults.take('store-wrong');
  const stored =
    wrong === null
      ? identity
      : { ...identity, deviceSecret: spoil(identity.deviceSecret, wrong.sameChecksum) };
  try {
    if (!isSame(flash.identity, stored)) await flash.writeIdentity(stored);
  } catch (error) {
    // A write error of the simulator's disk is reported by the device like an error of its flash.
    onError(error);
    return 'failed';
  }
  if (faults.take('reboot-on-write') !== null) {
    restart();
    return 'no-reply';
  }
  return faults.take('write-no-reply') === null ? 'stored' : 'no-reply';
}

function isSame(current: StoredIdentity | null, other: StoredIdentity): boolean {
  return (
    current !== null &&
    current.productId === other.productId &&
    current.deviceName === other.deviceName &&
    current.deviceSecret === other.deviceSecret &&
    current.region === other.region
  );
}

/**
 * Changes a secret: one character, or with `sameChecksum` the order of two different neighbours, which keeps the XOR of
 * all bytes. When all characters are equal, one character is changed in any case.
 */
function spoil(secret: string, sameChecksum: boolean): string {
  const chars = [...secret];
  const pair = chars.findIndex(
    (char, at) => chars[at + 1] !== undefined && chars[at + 1] !== '=' && char !== chars[at + 1],
  );
  if (sameChecksum && pair !== -1) {
    [chars[pair], chars[pair + 1]] = [chars[pair + 1] as string, chars[pair] as string];
    return chars.join('');
  }
  chars[0] = chars[0] === 'A' ? 'B' : 'A';
  return chars.join('');
}
