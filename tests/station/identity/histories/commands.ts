import fc from 'fast-check';
import { expect } from 'vitest';
import { type PhysicalUnit, type WriteBehaviour, WRITE_BEHAVIOURS } from './units.ts';
import { type CrashAt, CRASHES, type BurnStation } from './burn-station.ts';

/** What the devices of one history hold; the station is compared with it. */
export interface Model {
  readonly productId: string;
  readonly units: readonly PhysicalUnit[];
  /** DeviceNames that were written to another unit, because it replaced the intended one during a write. */
  readonly misplaced: Set<string>;
  /** DeviceNames that are bound to one unit, by the index of the unit. */
  readonly boundTo: ReadonlyMap<string, number>;
}

type Command = fc.AsyncCommand<Model, BurnStation>;

/**
 * Checked after every command: no two units hold one triple, no triple that a device holds is available, and no triple
 * stays `burning` after a write. An exchange of units during a write cannot be detected before it; the triple of that
 * write belongs to no unit from then on.
 */
export function checkInvariants({ productId, units, misplaced, boundTo }: Model, station: BurnStation): void {
  const holders = new Map<string, PhysicalUnit>();
  for (const unit of units) {
    if (unit.held?.productId !== productId) continue;
    const { deviceName } = unit.held;
    const state = station.database.triples.findByName(productId, deviceName)?.state;
    expect(state).not.toBe('available');
    const only = boundTo.get(deviceName);
    if (only !== undefined && !misplaced.has(deviceName)) expect(unit.chipId).toBe(units[only]?.chipId);
    if (misplaced.has(deviceName)) expect(['quarantined', 'retired']).toContain(state);
    else expect(holders.get(deviceName)?.serialNumber).toBeUndefined();
    holders.set(deviceName, unit);
  }
  expect(station.database.triples.listBurning()).toEqual([]);
}

/** A run of a unit, which another unit may replace before its end. */
class Visit implements Command {
  readonly #unit: number;
  readonly #otherUnit: number;
  readonly #write: WriteBehaviour;
  readonly #crash: CrashAt;
  constructor(unit: number, otherUnit: number, write: WriteBehaviour, crash: CrashAt) {
    this.#unit = unit;
    this.#otherUnit = otherUnit;
    this.#write = write;
    this.#crash = crash;
  }
  /** False for a unit that is replaced by its clone after the scan: no reply of a device differs. */
  check({ units }: Readonly<Model>): boolean {
    const isExchanged = this.#write.startsWith('another') && this.#otherUnit !== this.#unit;
    return !isExchanged || units[this.#otherUnit]?.chipId !== units[this.#unit]?.chipId;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    const unit = model.units[this.#unit]!;
    const otherUnit = model.units[this.#otherUnit]!;
    const before = otherUnit.held;
    const outcome = await station.visit(model.productId, unit, otherUnit, this.#write, this.#crash);
    const misplaced = this.#write === 'another unit put there while writing' && otherUnit !== unit;
    if (misplaced && otherUnit.held !== null && otherUnit.held !== before)
      model.misplaced.add(otherUnit.held.deviceName);
    checkInvariants(model, station);
    if (outcome !== 'PASS') return;
    const unitId = station.database.units.findByChip(unit.chipId)?.unitId ?? 0;
    const live = station.database.triples.findLiveOfUnit(unitId);
    expect(live?.deviceName).toBe(unit.held?.deviceName);
    expect(['burned', 'registered']).toContain(live?.state);
  }
  toString(): string {
    const other = this.#write.startsWith('another') ? ` (unit ${this.#otherUnit})` : '';
    return `visit(unit ${this.#unit}, ${this.#write}${other}, dies ${this.#crash})`;
  }
}

/** A change of a unit between its runs. */
class UnitChange implements Command {
  readonly #change: 'erased' | 'given a strange identity' | 'registered' | 're-issued' | 'retired';
  readonly #unit: number;
  constructor(change: UnitChange['change'], unit: number) {
    this.#change = change;
    this.#unit = unit;
  }
  get change() {
    return this.#change;
  }
  check({ units }: Readonly<Model>): boolean {
    return this.#change !== 'erased' || units[this.#unit]?.held !== null;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    const unit = model.units[this.#unit]!;
    const row = station.database.units.findByChip(unit.chipId);
    switch (this.#change) {
      case 'erased':
        unit.held = null;
        break;
      case 'given a strange identity':
        unit.held = { productId: 'FOREIGN', deviceName: unit.serialNumber, deviceSecret: 's' };
        break;
      case 'registered': {
        const live = row === null ? null : station.database.triples.findLiveOfUnit(row.unitId);
        const confirmed = live === null ? [] : [{ ...live, runId: null }];
        const count = station.database.transaction(() =>
          station.database.triples.markRegistered(confirmed, 1),
        );
        expect(count).toBe(live?.state === 'burned' ? 1 : 0);
        break;
      }
      case 're-issued':
      case 'retired':
        if (row === null) break;
        try {
          const productId = this.#change === 'retired' ? null : model.productId;
          station.ledger.replace(row.unitId, productId, 'desk', 'returned', () => undefined);
        } catch (error) {
          expect(error).toMatchObject({ code: 'pool-empty' });
        }
    }
    checkInvariants(model, station);
  }
  toString(): string {
    return `unit ${this.#unit} is ${this.#change}`;
  }
}

/** A power failure while no run is active. */
class Restart implements Command {
  check(): boolean {
    return true;
  }
  async run(model: Model, station: BurnStation): Promise<void> {
    station.restart();
    checkInvariants(model, station);
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
  .tuple(unit, unit, fc.constantFrom<WriteBehaviour>(...WRITE_BEHAVIOURS), crash)
  .map(([at, otherUnit, write, dies]) => new Visit(at, otherUnit, write, dies));
const unitChange = fc
  .tuple(
    fc.constantFrom('erased', 'given a strange identity', 'registered', 're-issued', 'retired' as const),
    unit,
  )
  .map(([change, at]) => new UnitChange(change, at));

const commands: fc.Arbitrary<Command>[] = [visit, visit, visit, unitChange, fc.constant(new Restart())];

export const COMMANDS = fc.commands<Model, BurnStation, false>(commands, { maxCommands: 16, size: 'max' });
