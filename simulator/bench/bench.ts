import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';

import type { AirPort, VirtualAir } from '../air/index.ts';
import type { FixtureBoard, Wiring } from '../board/index.ts';
import type { FlashRecord } from '../flash/index.ts';
import type { Control } from './control.ts';
import type { BenchEvent, UnitName } from './events.ts';
import type { FaultChange } from './fault-change.ts';
import type { Stimulus } from '../profiles/index.ts';
import type { Fixture } from './fixture.ts';
import type { Unit } from './unit.ts';

export interface BenchParts {
  readonly stateDir: string;
  readonly fixtures: readonly Fixture[];
  readonly units: readonly Unit[];
  readonly emit: (event: BenchEvent) => void;
  /** The air around the bench, and the adapter that a station plugs in; `null` without Bluetooth. */
  readonly air: BenchAir | null;
  /** Opens the fixture board, where there is one, with its wires to the bench. */
  readonly board: ((wiring: Wiring) => FixtureBoard) | null;
  /** Removes what the bench made for itself alone, at the very end. */
  readonly cleanUp: () => Promise<void>;
}

export interface BenchAir {
  readonly air: VirtualAir;
  readonly port: AirPort;
}

/** Fixtures and units, and the hands that put the ones on the others. Every act is done before the next begins. */
export class Bench implements AsyncDisposable {
  readonly stateDir: string;
  readonly #fixtures: readonly Fixture[];
  readonly #units: readonly Unit[];
  readonly #air: BenchAir | null;
  readonly #board: FixtureBoard | null;
  readonly #emit: (event: BenchEvent) => void;
  readonly #cleanUp: () => Promise<void>;
  readonly #acts = new Sequencer();
  #closing: Promise<void> | null = null;

  constructor(parts: BenchParts) {
    this.stateDir = parts.stateDir;
    this.#fixtures = parts.fixtures;
    this.#units = parts.units;
    this.#air = parts.air;
    this.#emit = parts.emit;
    this.#cleanUp = parts.cleanUp;
    this.#board =
      parts.board?.({
        channels: parts.fixtures.length,
        switchRelay: (channel, closed) => this.#supply(channel + 1, closed),
        readPin: (channel) => this.#unitOn(this.#fixture(channel + 1))?.pinHigh ?? false,
      }) ?? null;
  }

  /** The fixture board, on a bench with one. */
  get board(): FixtureBoard | null {
    return this.#board;
  }

  /** The ports, in the order of slots. */
  get fixtures(): readonly { readonly slot: number; readonly path: string; readonly unit: number | null }[] {
    return this.#fixtures.map((fixture) => ({
      slot: fixture.slot,
      path: fixture.path,
      unit: this.#unitOn(fixture)?.name.unit ?? null,
    }));
  }

  get units(): readonly UnitName[] {
    return this.#units.map((unit) => unit.name);
  }

  /** The air and its adapter's port, on a bench with Bluetooth. */
  get air(): BenchAir | null {
    return this.#air;
  }

  /** What a unit's flash holds, as its file says it. Faults: `not-found`. */
  flashOf(unit: number): FlashRecord {
    return this.#unit(unit).flash.record;
  }

  /** Lays a unit on a slot, in place of what is there, and switches it on. Faults: `not-found`, `slot-busy`. */
  place(slot: number, unit: number): Promise<void> {
    return this.#act(async () => {
      const fixture = this.#fixture(slot);
      const guest = this.#unit(unit);
      if (guest.fixture !== null && guest.fixture !== fixture) {
        throw new Fault('slot-busy', `unit ${unit} lies on slot ${guest.fixture.slot}`, {
          hint: 'remove it there first',
        });
      }
      await this.#clear(fixture);
      guest.lieOn(fixture);
      fixture.plug();
      this.#emit({ event: 'sim.placed', slot, ...guest.name, path: fixture.path });
      if (fixture.supplied) guest.powerOn();
    });
  }

  /** Takes away what lies on a slot, if anything. Faults: `not-found`. */
  remove(slot: number): Promise<void> {
    return this.#act(() => this.#clear(this.#fixture(slot)));
  }

  /** Faults: `not-found` for an unknown or empty slot. */
  power(slot: number, on: boolean): Promise<void> {
    return this.#act(async () => {
      const fixture = this.#fixture(slot);
      if (this.#unitOn(fixture) === null)
        throw new Fault('not-found', `no unit lies on slot ${slot}`, { hint: 'place one first' });
      await this.#switch(fixture, on);
    });
  }

  /** Pulls the serial cable of a slot or puts it back; power stays as it is. Faults: `not-found`. */
  cable(slot: number, plugged: boolean): Promise<void> {
    return this.#act(async () => {
      const fixture = this.#fixture(slot);
      if (plugged) fixture.plug();
      else fixture.unplug();
    });
  }

  /** First clears, then removes, then adds. Faults: `not-found`, `bad-input`. */
  changeFaults(unit: number, change: FaultChange): Promise<void> {
    return this.#act(async () => this.#unit(unit).changeFaults(change));
  }

  /** Something happens to a unit that is on no wire. Faults: `not-found`, `bad-input` when it has no sense for that. */
  stimulate(unit: number, stimulus: Stimulus): Promise<void> {
    return this.#act(async () => {
      const target = this.#unit(unit);
      if (target.sense(stimulus)) return;
      throw new Fault('bad-input', `unit ${unit} does not notice ${JSON.stringify(stimulus)}`, {
        hint: 'it must have power and have booted, and be of a family that has a sense for it',
      });
    });
  }

  /** Does what a control line says. */
  control(order: Control): Promise<void> {
    if ('place' in order) return this.place(order.place.slot, order.place.unit);
    if ('remove' in order) return this.remove(order.remove.slot);
    if ('power' in order) return this.power(order.power.slot, order.power.on);
    if ('cable' in order) return this.cable(order.cable.slot, order.cable.plugged);
    if ('fault' in order) return this.changeFaults(order.fault.unit, order.fault);
    return this.stimulate(order.stimulus.unit, order.stimulus.what);
  }

  /** Switches everything off; what a unit was committing is committed. Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#acts.run(async () => {
      await Promise.all(this.#units.map((unit) => unit.powerOff()));
      for (const fixture of this.#fixtures) fixture.close();
      this.#board?.close();
      await this.#air?.air[Symbol.asyncDispose]();
      await this.#cleanUp();
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A relay of the board has switched. */
  #supply(slot: number, on: boolean): void {
    const act = this.#act(async () => {
      const fixture = this.#fixture(slot);
      fixture.supplied = on;
      if (this.#unitOn(fixture) !== null) await this.#switch(fixture, on);
    });
    // Only a bench that is being closed refuses an act.
    act.catch(() => undefined);
  }

  async #switch(fixture: Fixture, on: boolean): Promise<void> {
    const unit = this.#unitOn(fixture);
    if (unit === null || unit.powered === on) return;
    if (!on) await unit.powerOff();
    this.#emit({ event: 'sim.powered', slot: fixture.slot, on, ...unit.name });
    if (on) unit.powerOn();
  }

  #act(work: () => Promise<void>): Promise<void> {
    if (this.#closing !== null) return Promise.reject(new Fault('cancelled', 'the bench is being closed'));
    return this.#acts.run(work);
  }

  async #clear(fixture: Fixture): Promise<void> {
    const unit = this.#unitOn(fixture);
    if (unit === null) return;
    await unit.lift();
    this.#emit({ event: 'sim.removed', slot: fixture.slot, ...unit.name });
  }

  #unitOn(fixture: Fixture): Unit | null {
    return this.#units.find((unit) => unit.fixture === fixture) ?? null;
  }

  #fixture(slot: number): Fixture {
    const fixture = this.#fixtures[slot - 1];
    if (fixture !== undefined) return fixture;
    throw new Fault('not-found', `the bench has no slot ${slot}`, {
      hint: `slots are 1 to ${this.#fixtures.length}`,
    });
  }

  #unit(number: number): Unit {
    const unit = this.#units[number - 1];
    if (unit !== undefined) return unit;
    throw new Fault('not-found', `the bench has no unit ${number}`, {
      hint: `units are 1 to ${this.#units.length}`,
    });
  }
}
