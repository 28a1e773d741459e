import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createBleCentral, type Platform, type SlotConfig } from '#station';
import type { SimulatorOptions } from '#simulator';
import { loadLibc, openPty, type PtyPair } from '../../simulator/pty/index.ts';
import { NO_PORT } from '../../shared/domain/slot-port.ts';
import { TestSimulator } from './test-simulator.ts';

/** The serial number of a unit of the simulator. */
export const serialOf = (unit: number): string => `SN${String(unit).padStart(6, '0')}`;

/** The units of a test station; unit n is on slot n. */
export interface Units extends AsyncDisposable {
  readonly slots: readonly SlotConfig[];
  /** What the platform of their station needs for them: the Bluetooth adapter. */
  readonly platform: Partial<Platform>;
  /** The serial number on the label of the slot's unit. */
  serialOf(slot: number): string | null;
  /** The MAC of the slot's unit: 12 hexadecimal digits. */
  chipOf(slot: number): string;
}

/**
 * Starts units. `dir` is the directory of the test; `mqttUrl` is the broker that units log in to, and `gatewayUrl` where they register,
 * if there is a registry.
 */
export type UnitsStarter<U extends Units> = (
  dir: string,
  mqttUrl: string | undefined,
  gatewayUrl?: string,
) => Promise<U>;

export interface SimulatedUnitsOptions extends Partial<SimulatorOptions> {
  /** Another adapter of the station than the simulator's, as in `GONGWEI_BLE`. */
  readonly adapter?: string;
  /** False for an adapter that hides the addresses of units, as that of a Mac. */
  readonly hasAddresses?: boolean;
  /** Opens so many slots without a port, for units with Bluetooth only, in place of one for each unit. */
  readonly portless?: number;
}

/** Units of the simulator on real pseudo-terminals, whose ports keep their names when a cable is pulled. */
export class SimulatedUnits implements Units {
  readonly simulator: TestSimulator;
  readonly slots: readonly SlotConfig[];
  readonly platform: Partial<Platform>;
  readonly #dir: string;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    dir: string,
    simulator: TestSimulator,
    platform: Partial<Platform>,
    stack: AsyncDisposableStack,
    portless: number | undefined,
  ) {
    this.simulator = simulator;
    this.platform = platform;
    this.#dir = dir;
    this.#stack = stack;
    const boardPath = simulator.inner.board?.path;
    this.slots = simulator.inner.fixtures.slice(0, portless).map(({ slot }) => ({
      slot,
      portPath: portless === undefined ? this.#connect(slot) : NO_PORT,
      boardPath,
    }));
  }

  static async start(
    dir: string,
    mqttUrl: string | undefined,
    gatewayUrl: string | undefined,
    { adapter, hasAddresses = true, portless, ...options }: SimulatedUnitsOptions,
  ): Promise<SimulatedUnits> {
    await using opening = new AsyncDisposableStack();
    const simulator = opening.use(
      await TestSimulator.start({
        stateDir: join(dir, 'units'),
        // A station must accept each dialect that modules in the field have.
        dialect: 'per-unit',
        ...(mqttUrl === undefined ? {} : { mqttUrl }),
        ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
        ...options,
      }),
    );
    const path = simulator.inner.bluetooth?.adapter.path;
    const platform =
      path === undefined
        ? {}
        : { ble: opening.use(createBleCentral(adapter ?? `uart:${path}`, { hasAddresses })) };
    return new SimulatedUnits(dir, simulator, platform, opening.move(), portless);
  }

  get macs(): readonly string[] {
    return this.simulator.inner.units.map(({ mac }) => mac);
  }

  serialOf(slot: number): string | null {
    return this.simulator.inner.units[slot - 1]?.serialNumber ?? null;
  }

  chipOf(slot: number): string {
    return (this.simulator.inner.units[slot - 1]?.mac ?? '').replaceAll(':', '').toUpperCase();
  }

  /** Removes the slot's port: the system may give its number to another program now. */
  removePort(slot: number): void {
    rmSync(this.#linkOf(slot), { force: true });
  }

  /** Connects the cable again. The slot's port leads to the unit, whatever number the system gave it. */
  async reconnect(slot: number): Promise<void> {
    await this.simulator.inner.cable(slot, true);
    this.#connect(slot);
  }

  #connect(slot: number): string {
    const path = this.simulator.pathOf(slot);
    if (!path.startsWith('/')) return path;
    this.removePort(slot);
    symlinkSync(path, this.#linkOf(slot));
    return this.#linkOf(slot);
  }

  #linkOf(slot: number): string {
    return join(this.#dir, `port${slot}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

/** The simulator's units: `count` of them, of the profile `at-module` unless told. */
export function simulated(count = 1, options: SimulatedUnitsOptions = {}): UnitsStarter<SimulatedUnits> {
  return (dir, mqttUrl, gatewayUrl) => SimulatedUnits.start(dir, mqttUrl, gatewayUrl, { count, ...options });
}

/** A unit written for one test: gets each chunk of bytes that the station sends, and replies with `send`. */
export type ScriptedUnit = (bytes: Buffer, send: (text: string | Uint8Array) => void) => void;

/** Units written by a test, at the far ends of real pseudo-terminals. Each replies to `MAC?` by itself. */
export interface ScriptedUnits extends Units {
  readonly ptys: readonly PtyPair[];
}

export function scripted(
  units: readonly ScriptedUnit[],
  options: { readonly boardPath?: string } = {},
): UnitsStarter<ScriptedUnits> {
  return () => {
    const libc = loadLibc();
    const chipOf = (slot: number): string => `AABBCCDDEE${String(slot).padStart(2, '0')}`;
    const ptys = units.map((unit, index) => {
      const pty = openPty(libc);
      const send = (text: string | Uint8Array): void => void pty.master.write(text);
      pty.master.on('data', (bytes: Buffer) => {
        if (bytes.toString('latin1').includes('MAC?')) send(`${chipOf(index + 1)}\r\n`);
        else unit(bytes, send);
      });
      return pty;
    });
    return Promise.resolve({
      ptys,
      slots: ptys.map(({ path }, index) => ({
        slot: index + 1,
        portPath: path,
        boardPath: options.boardPath,
      })),
      platform: {},
      serialOf: (slot) => `SN${slot}`,
      chipOf,
      [Symbol.asyncDispose]() {
        for (const pty of ptys) pty.close();
        return Promise.resolve();
      },
    });
  };
}
