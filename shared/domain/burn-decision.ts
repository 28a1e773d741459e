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

/** The triple bound to this unit, in a live state. */
export interface BoundView {
  readonly name: IdentityName;
  readonly state: IdentityState;
  /**
   * The unit that had this triple last was scanned under another serial number than this one. Left out where nothing
   * was scanned.
   */
  readonly otherSerial?: boolean;
}

/** What the ledger knows of the unit on the slot. */
export interface LedgerView {
  readonly bound: BoundView | null;
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
        | 'retired-triple-on-device'
        | 'other-serial';
    };

/** Decides from the ledger and the device's own word; pure, so that every combination can be tested. */
export function decideBurn(ledger: LedgerView, reading: IdentityReading): BurnDecision {
  const { bound } = ledger;
  if (reading.kind === 'none') {
    if (bound === null) return { act: 'claim-and-burn' };
    const erased = bound.state === 'burned' || bound.state === 'registered';
    return burnSame(bound, erased ? 'erased' : 'unwritten');
  }
  if (bound !== null && sameName(bound.name, reading.name)) {
    return reading.secretMatches === false ? burnSame(bound, 'wrong-secret') : { act: 'confirm' };
  }
  // Support has retired what it holds and given it another: that work was cut off and is finished now.
  if (bound !== null && ledger.readNameElsewhere === 'own-retired') return burnSame(bound, 'replacing');
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

/**
 * Two units may have one MAC: a clone, or a flash that was copied. What was written under one serial number may be in
 * that unit still, and must not go into another as well. Only a triple that no unit can hold is anybody's.
 */
function burnSame(
  bound: BoundView,
  because: Extract<BurnDecision, { act: 'burn-same' }>['because'],
): BurnDecision {
  return bound.otherSerial === true && bound.state !== 'claimed'
    ? { act: 'stop', because: 'other-serial' }
    : { act: 'burn-same', because };
}

export function sameName(a: IdentityName, b: IdentityName): boolean {
  return a.productId === b.productId && a.deviceName === b.deviceName;
}
