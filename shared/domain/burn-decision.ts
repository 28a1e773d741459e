import type { IdentityState } from './identity.ts';
import type { IdentityName } from './triple.ts';

/**
 * The identity that a device reports.
 * `secretMatches` compares it with the expected triple as far as the protocol allows; `null` without an expected triple.
 */
export type IdentityReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'holds'; readonly name: IdentityName; readonly secretMatches: boolean | null };

/** The triple bound to this unit, in a live state. */
export interface BoundView {
  readonly name: IdentityName;
  readonly state: IdentityState;
  /**
   * The last unit with this triple was scanned under another serial number. Omitted when no serial number was scanned.
   */
  readonly otherSerial?: boolean;
}

/** The ledger's record of the unit on the slot. */
export interface LedgerView {
  readonly bound: BoundView | null;
  /** The ledger's state of the name that was read back, if it is not the bound triple. */
  readonly readNameElsewhere:
    | 'unknown'
    | 'pool'
    | 'other-unit'
    | 'quarantined'
    | 'retired'
    | 'own-retired'
    | null;
}

export type BurnDecision =
  /** No triple is bound and the device holds none: claim a new triple and burn it. */
  | { readonly act: 'claim-and-burn' }
  /** A triple is bound and the device does not hold it correctly: write the same triple again, never another. */
  | { readonly act: 'burn-same'; readonly because: 'unwritten' | 'erased' | 'wrong-secret' | 'replacing' }
  /** The device holds the bound triple: nothing is written. */
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

/** Decides from the ledger and the read-back; a pure function, so that every combination can be tested. */
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
  // Support retired the held identity and assigned another; the interrupted work is completed now.
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
 * Two units may have the same MAC: a clone, or a copied flash. A triple that was written under one serial number may still
 * be in that unit and must not be written into another. A triple that is only claimed can be in no unit.
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
