import type { StoredIdentity } from '../../flash/index.ts';
import type { Session } from './session.ts';

/** `mute`: nothing more is said about it, because the module has restarted or the reply is lost. */
export type Stored = 'stored' | 'failed' | 'mute';

/**
 * The one moment that matters: the identity goes into flash, or one of the write faults has its way. Like the
 * published firmware, an identity that is there already is not programmed again.
 */
export async function storeIdentity(session: Session, identity: StoredIdentity): Promise<Stored> {
  const { faults, flash } = session.context;
  if (faults.get('reboot-on-write')?.when === 'before') {
    faults.take('reboot-on-write');
    session.restart();
    return 'mute';
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
    // The disk under the simulator is the module's flash chip: when it fails, the module says what a module says.
    session.context.onError(error);
    return 'failed';
  }
  if (faults.take('reboot-on-write') !== null) {
    session.restart();
    return 'mute';
  }
  return faults.take('write-no-reply') === null ? 'stored' : 'mute';
}

function isSame(held: StoredIdentity | null, other: StoredIdentity): boolean {
  return (
    held !== null &&
    held.productId === other.productId &&
    held.deviceName === other.deviceName &&
    held.deviceSecret === other.deviceSecret &&
    held.region === other.region
  );
}

/**
 * Another secret: one character differs, or (so that the XOR of all bytes is what it should be) two different
 * neighbours are swapped. A secret of equal characters cannot be spoiled the second way, and is the first way.
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
