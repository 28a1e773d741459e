import { LineReader } from '#shared/codec/text-lines.ts';
import { Fault } from '#shared/domain/fault.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import { type DeviceSettings, fillBytes, SAMPLE_SCOPE } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { Clock, Log, PortInfo, DevicePorts } from '../../core/platform/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { Slots } from './slots.ts';

/** Time between two checks of a port, and until it is opened again after a fault. */
const POLL_MS = 500;
/** A unit that sends this soon after a run was reset at the end of the run, and has not arrived. */
const AFTER_RUN_MS = 3000;
const MAX_CHARACTERS = 4096;
const CHUNK_BYTES = 1024;

export interface ArrivalWatcherOptions {
  readonly slots: Slots;
  readonly ports: DevicePorts;
  readonly clock: Clock;
  readonly log: Log;
  /** Recipe of the selected batch; `null` unless units start on arrival. */
  readonly selectedRecipe: () => ParsedRecipe | null;
  readonly start: (slot: number) => void;
}

/**
 * Starts a run when a unit arrives on a free slot: the unit sends the message of `device.arrival`, or, in recipes without
 * it, its port appears. Starts one run for each arrival; none on a slot whose result is not acknowledged. Slots without a port are
 * those of `NearWatcher`.
 */
export class ArrivalWatcher {
  readonly #slots: Slots;
  readonly #ports: DevicePorts;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #options: ArrivalWatcherOptions;
  readonly #closing = new AbortController();
  readonly #openPorts = new Map<number, AbortController>();
  readonly #quietUntil = new Map<number, number>();
  readonly #watching: readonly Promise<void>[];

  constructor(options: ArrivalWatcherOptions) {
    this.#options = options;
    this.#slots = options.slots;
    this.#ports = options.ports;
    this.#clock = options.clock;
    this.#log = options.log;
    const watched = this.#slots.state.slots.filter(({ portPath }) => !isNoPort(portPath));
    this.#watching = watched.map(({ slot, portPath }) =>
      this.#watch(slot, portPath).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#log.error('arrival.defect', error, { slot });
      }),
    );
  }

  /** The port of this slot is needed: closes it if it is open. */
  releasePort(slot: number): void {
    this.#openPorts.get(slot)?.abort();
  }

  /** A run on this slot has ended. */
  runEnded(slot: number): void {
    this.#quietUntil.set(slot, this.#clock.monotonicMs() + AFTER_RUN_MS);
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.all(this.#watching);
  }

  async #watch(slot: number, portPath: string): Promise<void> {
    /** `null` before the first check: a port that exists from the start has not arrived. */
    let existed: boolean | null = null;
    for (;;) {
      await this.#clock.sleep(POLL_MS, this.#closing.signal);
      const recipe = this.#options.selectedRecipe();
      const arrival = recipe?.recipe.device.arrival;
      if (recipe === null || arrival !== undefined) existed = null;
      if (recipe === null) continue;
      let arrived = false;
      if (arrival === undefined) {
        const list = await this.#ports.list?.().catch(() => null);
        // A list that failed does not show whether the port exists.
        if (list === undefined || list === null) continue;
        const exists = isAmong(list, portPath);
        arrived = exists && existed === false;
        existed = exists;
      } else if (this.#slots.isFree(slot) && this.#clock.monotonicMs() >= (this.#quietUntil.get(slot) ?? 0)) {
        arrived = await this.#awaitMessage(slot, portPath, recipe.recipe.device);
      }
      // Arrivals on a busy or unacknowledged slot are ignored; the operator starts those.
      if (arrived && this.#slots.isFree(slot)) this.#start(slot);
    }
  }

  /** Resolves with true when the unit sent its message of arrival; with false when the port fails or is needed. */
  async #awaitMessage(slot: number, portPath: string, device: DeviceSettings): Promise<boolean> {
    const released = new AbortController();
    this.#openPorts.set(slot, released);
    const signal = AbortSignal.any([this.#closing.signal, released.signal]);
    try {
      await using port = await this.#ports.open(portPath, device.serial, signal);
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const isComplete = arrivalMatcher(device);
      const stop = (): void => resolve(false);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      port.onLost(stop);
      port.onData((bytes) => {
        try {
          if (isComplete(bytes)) resolve(true);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      return await promise;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return false;
    } finally {
      this.#openPorts.delete(slot);
    }
  }

  #start(slot: number): void {
    try {
      this.#options.start(slot);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#log.warn('arrival.refused', { slot, code: error.code, message: error.message });
    }
  }
}

function isAmong(list: readonly PortInfo[], portPath: string): boolean {
  return list.some(({ path, usbPath }) => path === portPath || usbPath === portPath);
}

/** A function that takes the bytes of a port in order and returns true once the message of arrival has come. */
function arrivalMatcher({ arrival = {}, serial }: DeviceSettings): (bytes: Uint8Array) => boolean {
  const { expect, hex } = arrival;
  const pattern = expect === undefined ? null : compilePattern(expect, { multiline: true });
  const wanted = hex === undefined ? null : latin1(fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array());
  const reader = new LineReader(serial.encoding, MAX_CHARACTERS);
  let raw = '';
  let text = '';
  const take = (bytes: Uint8Array): boolean => {
    raw = (raw + latin1(bytes)).slice(-MAX_CHARACTERS);
    for (const line of reader.push(bytes)) text = `${text}${line.text}\n`.slice(-MAX_CHARACTERS);
    if (wanted !== null && !raw.includes(wanted)) return false;
    return pattern === null || pattern.test(text + reader.begun.text);
  };
  return (bytes) => {
    // In chunks, so that a message among many other bytes is found before it leaves the buffers.
    for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES)
      if (take(bytes.subarray(offset, offset + CHUNK_BYTES))) return true;
    return false;
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
