import type { ActiveFaults } from '../faults/index.ts';
import type { Random } from '../nature/index.ts';
import { misread, noise } from '../wire/index.ts';
import type { Fixture } from './fixture.ts';

const FLOOD_TICK_MS = 10;
const FLOOD_BACKLOG_BYTES = 4_096;

/** The faults that sit between a device and its fixture, whatever the device is. */
export class LineFaults {
  readonly #faults: ActiveFaults;
  readonly #random: Random;
  readonly #timeScale: number;
  #fixture: Fixture | null = null;
  #heardBytes = 0;
  #flood: NodeJS.Timeout | null = null;
  #replug: NodeJS.Timeout | null = null;

  constructor(faults: ActiveFaults, random: Random, timeScale: number) {
    this.#faults = faults;
    this.#random = random;
    this.#timeScale = timeScale;
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
    if (heard.length > 0) deliver(this.#distort(heard, 'heard'));
    if (bytes.length >= left) this.#unplug();
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
