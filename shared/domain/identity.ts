/**
 * The life of one triple as a pure table: which event leads from which state to which.
 *
 * `available → claimed → burning → burned → registered`, and aside `in-doubt`, `quarantined`, `retired`,
 * `returned`.
 * What is not in the table cannot happen; the ledger refuses it and writes nothing.
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
  /** Given back to the registry without ever having been claimed: no longer ours, unless it is leased again. */
  'returned',
] as const;
export type IdentityState = (typeof IDENTITY_STATES)[number];

/** States in which a triple belongs to exactly one unit and that unit to it. */
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
  /** The intent to write is on disk; bytes may follow. */
  'intend',
  /** The device was read and holds it. */
  'confirm',
  /** The device was read and does not hold it. */
  'absent',
  /** Something died or failed in between: only the device can say. */
  'doubt',
  /** Back to the pool; only after the unit was read and does not hold it, or nothing was ever written. */
  'release',
  /** The registry has acknowledged it. */
  'register',
  /** It contradicts what the device or another unit holds: support decides. */
  'conflict',
  /** Never to be used again. */
  'retire',
  /** Out of the pool, before the registry is told. */
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
  // The registry may refuse it (some unit logs in with it) or have retired it meanwhile.
  returned: { 'lease-again': 'available', conflict: 'quarantined', retire: 'retired' },
};

/** The state after `event`, or `null` when that cannot happen in `state`. */
export function nextIdentityState(state: IdentityState, event: IdentityEvent): IdentityState | null {
  return TABLE[state][event] ?? null;
}
