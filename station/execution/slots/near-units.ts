/** What decides about the start of a unit near a slot without a port; from `device.ble.identify` of the recipe. */
export interface NearLimits {
  /** dBm; a unit below it has not arrived. */
  readonly minRssiDbm: number;
  /** How much stronger than the second new unit the strongest must be. */
  readonly marginDb: number;
}

/** `several`: the strongest does not lead by the margin; nothing starts until it does. */
export type NextNear =
  | { readonly kind: 'none' }
  | { readonly kind: 'unit'; readonly address: string }
  | { readonly kind: 'several'; readonly addresses: readonly string[] };

/** A unit that is heard in the first rounds was there before and has not arrived, as a port that exists at the start. */
const FIRST_ROUNDS = 2;
/** A unit has arrived when it was heard in so many rounds. */
const STABLE_ROUNDS = 2;
/** A unit that was not heard in so many rounds in a row was taken away. */
const AWAY_ROUNDS = 6;
/** A unit that was near is away only when it is weaker than the floor by this much, so that noise does not take it away. */
const HYSTERESIS_DB = 6;
/** A unit on a tray beside the fixture is not a new one while it is heard; these many are remembered. */
const MAX_UNITS = 4096;

interface NearUnit {
  /** `old`: it was there before, or it was tested; it starts again after it was taken away. */
  state: 'new' | 'in-test' | 'old';
  heardRounds: number;
  missedRounds: number;
  dbm: number;
}

/**
 * The units near the slots without a port, by rounds of listening: which of them starts next. One arrival is one start: a unit
 * is given once, and again only after it was away for some rounds.
 */
export class NearUnits {
  readonly #limits: NearLimits;
  readonly #units = new Map<string, NearUnit>();
  #rounds = 0;

  constructor(limits: NearLimits) {
    this.#limits = limits;
  }

  /** One round of listening has ended. `heard`: the units that fit, with the median of their strength in dBm. */
  round(heard: ReadonlyMap<string, number>): void {
    this.#rounds += 1;
    const { minRssiDbm } = this.#limits;
    for (const [address, dbm] of heard) {
      const unit = this.#units.get(address);
      if (unit === undefined) {
        if (dbm >= minRssiDbm && this.#units.size < MAX_UNITS) this.#units.set(address, this.#arrived(dbm));
      } else if (dbm >= minRssiDbm - HYSTERESIS_DB) {
        unit.missedRounds = 0;
        unit.dbm = dbm;
        if (dbm >= minRssiDbm) unit.heardRounds += 1;
      }
    }
    for (const [address, unit] of this.#units) {
      const isHeard = (heard.get(address) ?? -Infinity) >= minRssiDbm - HYSTERESIS_DB;
      // A unit that is connected does not advertise.
      if (isHeard || unit.state === 'in-test') continue;
      unit.missedRounds += 1;
      if (unit.missedRounds >= AWAY_ROUNDS) this.#units.delete(address);
    }
  }

  /** The unit that starts now: the strongest new one that is there for a while. */
  next(): NextNear {
    const { minRssiDbm, marginDb } = this.#limits;
    const [first, second, ...more] = [...this.#units]
      .filter(
        ([, { state, missedRounds, dbm }]) => state === 'new' && missedRounds === 0 && dbm >= minRssiDbm,
      )
      .toSorted(([a, one], [b, other]) => other.dbm - one.dbm || (a < b ? -1 : 1));
    if (first === undefined || first[1].heardRounds < STABLE_ROUNDS) return { kind: 'none' };
    if (second !== undefined && first[1].dbm - second[1].dbm < marginDb)
      return { kind: 'several', addresses: [first, second, ...more].map(([address]) => address) };
    return { kind: 'unit', address: first[0] };
  }

  /** A test of a unit begins, by whatever it was started. */
  began(address: string): void {
    this.#unit(address).state = 'in-test';
  }

  /** A test of a unit has ended, or could not begin: it starts again when it was taken away and comes back. */
  ended(address: string): void {
    const unit = this.#unit(address);
    unit.state = 'old';
    unit.missedRounds = 0;
  }

  #unit(address: string): NearUnit {
    const known = this.#units.get(address);
    if (known !== undefined) return known;
    const unit = this.#arrived(-Infinity);
    this.#units.set(address, unit);
    return unit;
  }

  #arrived(dbm: number): NearUnit {
    const state = this.#rounds <= FIRST_ROUNDS ? 'old' : 'new';
    return { state, heardRounds: 1, missedRounds: 0, dbm };
  }
}
