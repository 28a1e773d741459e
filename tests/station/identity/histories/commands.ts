import fc from 'fast-check';
import { expect } from 'vitest';
import { type Physical, type Write, WRITES } from './units.ts';
import { type CrashAt, CRASHES, type BurnStation } from './burn-station.ts';

/** What the devices of one history really hold; the station is checked against it. */
export interface Model {
  readonly productId: string;
  readonly units: readonly Physical[];
  /** DeviceNames that went into another unit because it took the place of the right one within one write. */
  readonly astray: Set<string>;
  /** DeviceNames that a file brought for one unit alone, by its index. */
  readonly own: ReadonlyMap<string, number>;
}

type Act = fc.AsyncCommand<Model, BurnStation>;

/**
 * The promise itself, after every act: no two units hold one triple, nothing is free that a device holds, and nothing
 * stays "being written" when nobody writes. A unit exchanged for another between two bytes cannot be seen beforehand:
 * that triple is nobody's from then on.
 */
export function checkPromise({ productId, units, astray, own }: Model, station: BurnStation): void {
  const holders = new Map<string, Physical>();
  for (const unit of units) {
    if (unit.held?.productId !== productId) continue;
    const { deviceName } = unit.held;
    const state = station.database.triples.findByName(productId, deviceName)?.state;
    expect(state).not.toBe('available');
    const only = own.get(deviceName);
    if (only !== undefined && !astray.has(deviceName)) expect(unit.chipId).toBe(units[only]?.chipId);
    if (astray.has(deviceName)) expect(['quarantined', 'retired']).toContain(state);
    else expect(holders.get(deviceName)?.serialNumber).toBeUndefined();
    holders.set(deviceName, unit);
  }
  expect(station.database.triples.listBurning()).toEqual([]);
}

/** A unit lies down on a slot, another perhaps in its place before the end. */
class Visit implements Act {
  readonly #unit: number;
  readonly #instead: number;
  readonly #write: Write;
  readonly #crash: CrashAt;
  constructor(unit: number, instead: number, write: Write, crash: CrashAt) {
    this.#unit = unit;
    this.#instead = instead;
    this.#write = write;
    this.#crash = crash;
  }
  /** A twin put in the place of its twin after the scan: nothing that could be asked would tell. */
  check({ units }: Readonly<Model>): boolean {
    const isExchanged = this.#write.startsWith('another') && this.#instead !== this.#unit;
    return !isExchanged || units[this.#instead]?.chipId !== units[this.#unit]?.chipId;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    const unit = model.units[this.#unit]!;
    const instead = model.units[this.#instead]!;
    const before = instead.held;
    const outcome = await station.visit(model.productId, unit, instead, this.#write, this.#crash);
    const astray = this.#write === 'another unit put there while writing' && instead !== unit;
    if (astray && instead.held !== null && instead.held !== before) model.astray.add(instead.held.deviceName);
    checkPromise(model, station);
    if (outcome !== 'PASS') return;
    const unitId = station.database.units.findByChip(unit.chipId)?.unitId ?? 0;
    const live = station.database.triples.findLiveOfUnit(unitId);
    expect(live?.deviceName).toBe(unit.held?.deviceName);
    expect(['burned', 'registered']).toContain(live?.state);
  }
  toString(): string {
    const other = this.#write.startsWith('another') ? ` (unit ${this.#instead})` : '';
    return `visit(unit ${this.#unit}, ${this.#write}${other}, dies ${this.#crash})`;
  }
}

/** What happens to a unit between its visits. */
class Happening implements Act {
  readonly #what: 'erased' | 'given a strange identity' | 'registered' | 're-issued' | 'retired';
  readonly #unit: number;
  constructor(what: Happening['what'], unit: number) {
    this.#what = what;
    this.#unit = unit;
  }
  get what() {
    return this.#what;
  }
  check({ units }: Readonly<Model>): boolean {
    return this.#what !== 'erased' || units[this.#unit]?.held !== null;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    const unit = model.units[this.#unit]!;
    const row = station.database.units.findByChip(unit.chipId);
    switch (this.#what) {
      case 'erased':
        unit.held = null;
        break;
      case 'given a strange identity':
        unit.held = { productId: 'FOREIGN', deviceName: unit.serialNumber, deviceSecret: 's' };
        break;
      case 'registered': {
        const live = row === null ? null : station.database.triples.findLiveOfUnit(row.unitId);
        const told = live === null ? [] : [{ ...live, runId: null }];
        const count = station.database.transaction(() => station.database.triples.markRegistered(told, 1));
        expect(count).toBe(live?.state === 'burned' ? 1 : 0);
        break;
      }
      case 're-issued':
      case 'retired':
        if (row === null) break;
        try {
          const productId = this.#what === 'retired' ? null : model.productId;
          station.ledger.replace(row.unitId, productId, 'desk', 'returned', () => undefined);
        } catch (error) {
          expect(error).toMatchObject({ code: 'pool-empty' });
        }
    }
    checkPromise(model, station);
  }
  toString(): string {
    return `unit ${this.#unit} is ${this.#what}`;
  }
}

/** The power fails while nothing is under way. */
class Restart implements Act {
  check(): boolean {
    return true;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    station.restart();
    checkPromise(model, station);
  }
  toString(): string {
    return 'restart';
  }
}

const unit = fc.integer({ min: 0, max: 3 });
const crash = fc.oneof(
  { weight: 3, arbitrary: fc.constant<CrashAt>('never') },
  fc.constantFrom<CrashAt>(...CRASHES),
);
const visit = fc
  .tuple(unit, unit, fc.constantFrom<Write>(...WRITES), crash)
  .map(([at, instead, write, dies]) => new Visit(at, instead, write, dies));
const happening = fc
  .tuple(
    fc.constantFrom('erased', 'given a strange identity', 'registered', 're-issued', 'retired' as const),
    unit,
  )
  .map(([what, at]) => new Happening(what, at));

const acts: fc.Arbitrary<Act>[] = [visit, visit, visit, happening, fc.constant(new Restart())];

export const ACTS = fc.commands<Model, BurnStation, false>(acts, { maxCommands: 16, size: 'max' });
