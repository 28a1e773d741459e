import type { IdentityState } from './identity.ts';
import type { IdentityName } from './triple.ts';

/**
 * What a device says of itself when it is asked who it is.
 * `secretMatches` compares with the triple expected there, as far as the protocol lets the station see it;
 * `null` when there was nothing to compare with.
 */
export type IdentityReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'holds'; readonly name: IdentityName; readonly secretMatches: boolean | null };

/** What the ledger knows of the unit on the slot. */
export interface LedgerView {
  /** The triple bound to this unit, in a live state. */
  readonly bound: { readonly name: IdentityName; readonly state: IdentityState } | null;
  /** Where the ledger has the name the device reads back, when that is not `bound`. */
  readonly readNameElsewhere:
    'unknown' | 'pool' | 'other-unit' | 'quarantined' | 'retired' | 'own-retired' | null;
}

export type BurnDecision =
  /** Nothing bound, nothing held: claim a new triple and burn it. */
  | { readonly act: 'claim-and-burn' }
  /** Bound but not (rightly) held: write the same triple again, never another. */
  | { readonly act: 'burn-same'; readonly because: 'unwritten' | 'erased' | 'wrong-secret' | 'replacing' }
  /** Bound and held: nothing to write. */
  | { readonly act: 'confirm' }
  /** The device contradicts the ledger: this slot stops and support decides. */
  | {
      readonly act: 'stop';
      readonly because:
        | 'holds-other'
        | 'held-by-other-unit'
        | 'foreign'
        | 'pool-triple-on-device'
        | 'retired-triple-on-device';
    };

/** Decides from the ledger and the device's own word; pure, so that every combination can be tested. */
export function decideBurn(ledger: LedgerView, reading: IdentityReading): BurnDecision {
  const { bound } = ledger;
  if (reading.kind === 'none') {
    if (bound === null) return { act: 'claim-and-burn' };
    const erased = bound.state === 'burned' || bound.state === 'registered';
    return { act: 'burn-same', because: erased ? 'erased' : 'unwritten' };
  }
  if (bound !== null && sameName(bound.name, reading.name)) {
    return reading.secretMatches === false
      ? { act: 'burn-same', because: 'wrong-secret' }
      : { act: 'confirm' };
  }
  // Support has retired what it holds and given it another: that work was cut off and is finished now.
  if (bound !== null && ledger.readNameElsewhere === 'own-retired')
    return { act: 'burn-same', because: 'replacing' };
  switch (ledger.readNameElsewhere) {
    case 'other-unit':
    case 'quarantined':
      return { act: 'stop', because: 'held-by-other-unit' };
    case 'retired':
    case 'own-retired':
      return { act: 'stop', because: 'retired-triple-on-device' };
    case 'pool':
      return { act: 'stop', because: 'pool-triple-on-device' };
    case 'unknown':
    case null:
      return { act: 'stop', because: bound === null ? 'foreign' : 'holds-other' };
  }
}

export function sameName(a: IdentityName, b: IdentityName): boolean {
  return a.productId === b.productId && a.deviceName === b.deviceName;
}
