import type { ActiveFaults } from '../faults/index.ts';
import type { Random } from '../nature/index.ts';
import { misread, noise } from '../wire/index.ts';
import type { Fixture } from './fixture.ts';

const FLOOD_TICK_MS = 10;
const FLOOD_BACKLOG_BYTES = 4_096;

export interface LineFaultsOptions {
  readonly faults: ActiveFaults;
  readonly random: Random;
  readonly timeScale: number;
  /** Whether the device echoes by itself; then the line does not. */
  readonly ownEcho: boolean;
  /** The unit restarts, in the middle of whatever it is doing. */
  readonly onReboot: () => void;
}

/** The faults that sit between a device and its fixture, whatever the device is. */
export class LineFaults {
  readonly #options: LineFaultsOptions;
  readonly #faults: ActiveFaults;
  readonly #random: Random;
  readonly #timeScale: number;
  #fixture: Fixture | null = null;
  #heardBytes = 0;
  #bytesToReboot = 0;
  #commandsToReboot = 0;
  #flood: NodeJS.Timeout | null = null;
  #replug: NodeJS.Timeout | null = null;

  constructor(options: LineFaultsOptions) {
    this.#options = options;
    this.#faults = options.faults;
    this.#random = options.random;
    this.#timeScale = options.timeScale;
  }

  attach(fixture: Fixture): void {
    this.#fixture = fixture;
    this.review();
  }

  detach(): void {
    if (this.#flood !== null) clearInterval(this.#flood);
    this.#flood = null;
    // A unit that is taken away does not take the pulled cable along.
    if (this.#replug !== null) {
      clearTimeout(this.#replug);
      this.#replug = null;
      this.#fixture?.plug();
    }
    this.#fixture = null;
  }

  /** The faults have changed: starts and stops what goes on by itself, and counts bytes anew. */
  review(): void {
    if (this.#fixture === null) return;
    this.#heardBytes = 0;
    this.#countToReboot();
    const flood = this.#faults.get('flood');
    if (this.#flood !== null) clearInterval(this.#flood);
    this.#flood = null;
    if (flood !== null) {
      const bytes = Math.max(1, Math.round((flood.bytesPerSecond * FLOOD_TICK_MS) / 1_000));
      this.#flood = setInterval(() => {
        if ((this.#fixture?.waitingBytes ?? 0) < FLOOD_BACKLOG_BYTES) this.#send(noise(this.#random, bytes));
      }, FLOOD_TICK_MS);
    }
    if (this.#faults.get('unplug')?.afterBytes === 0) this.#unplug();
  }

  /** A reply of the device, on its way to the station. */
  say(bytes: Uint8Array): void {
    if (this.#faults.take('silent') !== null) return;
    const garbage = this.#faults.take('garbage');
    if (garbage !== null) this.#send(noise(this.#random, garbage.bytes));
    const split = this.#faults.take('split');
    if (split === null) return this.#send(bytes);
    const size = Math.ceil(bytes.length / split.pieces);
    for (let at = 0; at < bytes.length; at += size) {
      this.#send(bytes.subarray(at, at + size), at === 0 ? 0 : split.pauseMs);
    }
  }

  /** Characters sent back as they came. */
  echo(bytes: Uint8Array): void {
    if (this.#faults.get('silent') === null) this.#send(bytes);
  }

  /** Bytes of the station, on their way to the device. */
  hear(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const fault = this.#faults.get('unplug');
    const left = fault === null ? Number.POSITIVE_INFINITY : fault.afterBytes - this.#heardBytes;
    const heard = bytes.length > left ? bytes.subarray(0, Math.max(0, left)) : bytes;
    this.#heardBytes += heard.length;
    if (heard.length > 0) this.#pass(this.#distort(heard, 'heard'), deliver);
    if (bytes.length >= left) this.#unplug();
  }

  /** The device begins to obey a command. */
  began(): void {
    if (this.#faults.get('reboot') === null || --this.#commandsToReboot !== 0) return;
    this.#reboot();
  }

  #pass(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    if (this.#faults.get('echo-on') !== null && !this.#options.ownEcho) this.echo(bytes);
    const left = this.#faults.get('reboot') === null ? Number.POSITIVE_INFINITY : this.#bytesToReboot;
    this.#bytesToReboot -= bytes.length;
    // What comes after the moment of the restart meets a device that boots.
    deliver(bytes.subarray(0, left));
    if (bytes.length >= left) this.#reboot();
  }

  #countToReboot(): void {
    const fault = this.#faults.get('reboot');
    const whenever = fault?.afterBytes === undefined && fault?.afterCommands === undefined;
    this.#bytesToReboot = fault?.afterBytes ?? Number.POSITIVE_INFINITY;
    this.#commandsToReboot = fault?.afterCommands ?? (whenever ? 1 : Number.POSITIVE_INFINITY);
  }

  #reboot(): void {
    this.#faults.take('reboot');
    this.#countToReboot();
    this.#options.onReboot();
  }

  #send(bytes: Uint8Array, pauseBeforeMs = 0): void {
    this.#fixture?.send(this.#distort(bytes, 'said'), pauseBeforeMs);
  }

  /** A unit at another rate than the station's hears and is heard as noise. */
  #distort(bytes: Uint8Array, way: 'heard' | 'said'): Uint8Array {
    const own = this.#faults.get('wrong-baud')?.baudRate;
    const station = own === undefined ? null : (this.#fixture?.stationBaudRate() ?? null);
    if (own === undefined || station === null || station === own) return bytes;
    return way === 'said'
      ? misread(this.#random, bytes, own, station)
      : misread(this.#random, bytes, station, own);
  }

  #unplug(): void {
    const fixture = this.#fixture;
    if (fixture === null || !fixture.plugged) return;
    const fault = this.#faults.take('unplug');
    this.#heardBytes = 0;
    fixture.unplug();
    if (fault?.replugAfterMs === undefined) return;
    this.#replug = setTimeout(() => {
      this.#replug = null;
      fixture.plug();
    }, fault.replugAfterMs * this.#timeScale);
  }
}
