/**
 * The states of a triple and the events that change them, as a table.
 *
 * `available → claimed → burning → burned → registered`; besides `in-doubt`, `quarantined`, `retired`, `returned`.
 * The ledger refuses any other transition and writes nothing.
 */
export const IDENTITY_STATES = [
  'available',
  'claimed',
  'burning',
  'burned',
  'registered',
  'in-doubt',
  'quarantined',
  'retired',
  /** Returned to the registry without ever having been claimed; the station has it no more, unless it leases it again. */
  'returned',
] as const;
export type IdentityState = (typeof IDENTITY_STATES)[number];

/** States in which a triple belongs to exactly one unit, and the unit has no other triple. */
export const LIVE_STATES = [
  'claimed',
  'burning',
  'burned',
  'registered',
  'in-doubt',
] as const satisfies IdentityState[];

export const IDENTITY_EVENTS = [
  /** The triple is bound to one unit. */
  'claim',
  /** The intent to write is stored durably; bytes may be written. */
  'intend',
  /** The read-back shows that the device holds it. */
  'confirm',
  /** The read-back shows that the device does not hold it. */
  'absent',
  /** The burn was interrupted: only a read-back can show the result. */
  'doubt',
  /** Back to the pool; only after a read-back without it, or when nothing was ever written. */
  'release',
  /** The registry has acknowledged it. */
  'register',
  /** It contradicts the device or another unit: support decides. */
  'conflict',
  /** It is never used again. */
  'retire',
  /** Removed from the pool, before it is returned to the registry. */
  'give-back',
  /** The registry has leased it to this station once more. */
  'lease-again',
] as const;
export type IdentityEvent = (typeof IDENTITY_EVENTS)[number];

const TABLE: Record<IdentityState, Partial<Record<IdentityEvent, IdentityState>>> = {
  available: { claim: 'claimed', conflict: 'quarantined', retire: 'retired', 'give-back': 'returned' },
  claimed: { intend: 'burning', release: 'available', conflict: 'quarantined', retire: 'retired' },
  burning: { confirm: 'burned', absent: 'claimed', doubt: 'in-doubt', conflict: 'quarantined' },
  // A unit that lost its identity (erased, repaired) gets the same one again: `intend` on a burned triple.
  burned: { intend: 'burning', register: 'registered', conflict: 'quarantined', retire: 'retired' },
  registered: { intend: 'burning', conflict: 'quarantined', retire: 'retired' },
  'in-doubt': {
    intend: 'burning',
    confirm: 'burned',
    absent: 'claimed',
    conflict: 'quarantined',
    retire: 'retired',
  },
  quarantined: { confirm: 'burned', release: 'available', retire: 'retired' },
  retired: {},
  // The registry may refuse it because a unit logs in with it, or may have retired it meanwhile.
  returned: { 'lease-again': 'available', conflict: 'quarantined', retire: 'retired' },
};

/** The state after `event`, or `null` for an event that is not allowed in `state`. */
export function nextIdentityState(state: IdentityState, event: IdentityEvent): IdentityState | null {
  return TABLE[state][event] ?? null;
}
