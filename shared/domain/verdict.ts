import type { IdentityState } from './identity.ts';

/** The state of a returned unit, from the ledger and the device together. */
export const VERDICTS = [
  /** Device and ledger agree. */
  'known',
  /** The ledger has an identity for it, the device holds none (erased, replaced flash). */
  'erased',
  /** Neither ledger nor device has an identity. */
  'unknown',
  /** A burn was interrupted, or the secret does not match. */
  'in-doubt',
  /** It holds an identity that this ledger does not know. */
  'foreign',
  /** It holds an identity that belongs to another unit, or one that was never given to it. */
  'mismatch',
  /** It holds an identity that was retired. */
  'retired',
  /** The device was not asked. */
  'not-read',
  /** Its kind of device takes no identity. */
  'identity-free',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface VerdictFacts {
  /** The read-back; `null` when the device was not asked. */
  readonly holds: { readonly deviceName: string } | 'nothing' | null;
  readonly secretMatches: boolean | null;
  readonly bound: { readonly deviceName: string; readonly state: IdentityState } | null;
  /** The ledger's state of the name that the device holds, if it is not `bound`. */
  readonly heldElsewhere:
    | 'unknown'
    | 'pool'
    | 'other-unit'
    | 'quarantined'
    | 'retired'
    | 'own-retired'
    | null;
}

export function decideVerdict({ holds, secretMatches, bound, heldElsewhere }: VerdictFacts): Verdict {
  const unsettled = bound !== null && (bound.state === 'in-doubt' || bound.state === 'burning');
  // Also without a ledger entry: only a read-back can show the identity of the device.
  if (holds === null) return unsettled ? 'in-doubt' : 'not-read';
  if (holds === 'nothing') return bound === null ? 'unknown' : unsettled ? 'in-doubt' : 'erased';
  if (bound !== null && holds.deviceName === bound.deviceName) {
    return unsettled || secretMatches === false ? 'in-doubt' : 'known';
  }
  switch (heldElsewhere) {
    case 'unknown':
      return 'foreign';
    case 'retired':
      return 'retired';
    case 'own-retired':
      // The burn of the new identity was interrupted.
      return bound === null ? 'retired' : 'in-doubt';
    case 'pool':
    case 'other-unit':
    case 'quarantined':
    case null:
      return 'mismatch';
  }
}
