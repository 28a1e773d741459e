import { LineReader } from '#shared/codec/text-lines.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type DeviceSettings, fillBytes, SAMPLE_SCOPE } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { Clock, Log, PortInfo, DevicePorts } from '../../core/platform/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { Slots } from './slot-bank.ts';

/** How often a port is looked for, and how soon after trouble it is opened again. */
const LOOK_MS = 500;
/** What a unit says so soon after its run is the run's own doing: a reset at its end is no arrival. */
const AFTER_RUN_MS = 3000;
const HEARD_CHARACTERS = 4096;
const PIECE_BYTES = 1024;

export interface ArrivalWatcherOptions {
  readonly slots: Slots;
  readonly ports: DevicePorts;
  readonly clock: Clock;
  readonly log: Log;
  /** Recipe of the batch that is worked on; `null` while no unit is to start by itself. */
  readonly next: () => ParsedRecipe | null;
  readonly start: (slot: number) => void;
}

export interface ArrivalWatcher {
  /** Somebody is about to use the port of this slot. */
  releasePort(slot: number): void;
  /** A run on this slot has ended. */
  runEnded(slot: number): void;
  close(): Promise<void>;
}

/**
 * Starts a run when a unit arrives on a free slot: it says what its recipe's `device.arrival` waits for, or, without
 * that, its port appears. Once for each arrival; not on a slot whose result waits for a person.
 */
export function watchArrivals(parts: ArrivalWatcherOptions): ArrivalWatcher {
  const { slots, ports, clock, log } = parts;
  const closing = new AbortController();
  const listening = new Map<number, AbortController>();
  const quietUntil = new Map<number, number>();

  async function watch(slot: number, portPath: string): Promise<void> {
    /** Null until it was looked for: what is there from the start has not arrived. */
    let wasThere: boolean | null = null;
    for (;;) {
      await clock.sleep(LOOK_MS, closing.signal);
      const recipe = parts.next();
      const arrival = recipe?.recipe.device.arrival;
      if (recipe === null || arrival !== undefined) wasThere = null;
      if (recipe === null) continue;
      let arrived = false;
      if (arrival === undefined) {
        const list = await ports.list?.().catch(() => null);
        // What could not be looked at has neither come nor gone.
        if (list === undefined || list === null) continue;
        const isThere = isAmong(list, portPath);
        arrived = isThere && wasThere === false;
        wasThere = isThere;
      } else if (slots.isFree(slot) && clock.monotonicMs() >= (quietUntil.get(slot) ?? 0)) {
        arrived = await hears(slot, portPath, recipe.recipe.device);
      }
      // Laid on while the slot was at work or its result was looked at: whoever did that starts it.
      if (arrived && slots.isFree(slot)) begin(slot);
    }
  }

  /** Resolves with true when the unit has said it; with false when the port is not to be had, or is to be given up. */
  async function hears(slot: number, portPath: string, device: DeviceSettings): Promise<boolean> {
    const given = new AbortController();
    listening.set(slot, given);
    const signal = AbortSignal.any([closing.signal, given.signal]);
    try {
      await using port = await ports.open(portPath, device.serial, signal);
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const heard = listener(device);
      const stop = (): void => resolve(false);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      port.onLost(stop);
      port.onData((bytes) => {
        try {
          if (heard(bytes)) resolve(true);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      return await promise;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return false;
    } finally {
      listening.delete(slot);
    }
  }

  function begin(slot: number): void {
    try {
      parts.start(slot);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log.warn('arrival.refused', { slot, code: error.code, message: error.message });
    }
  }

  const watching = slots.state.slots.map(({ slot, portPath }) =>
    watch(slot, portPath).catch((error: unknown) => {
      if (!closing.signal.aborted) log.error('arrival.defect', error, { slot });
    }),
  );
  return {
    releasePort: (slot) => listening.get(slot)?.abort(),
    runEnded: (slot) => void quietUntil.set(slot, clock.monotonicMs() + AFTER_RUN_MS),
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      await Promise.all(watching);
    },
  };
}

function isAmong(list: readonly PortInfo[], portPath: string): boolean {
  return list.some(({ path, place }) => path === portPath || place === portPath);
}

function listener({ arrival = {}, serial }: DeviceSettings): (bytes: Uint8Array) => boolean {
  const { expect, hex } = arrival;
  const pattern = expect === undefined ? null : compilePattern(expect, { multiline: true });
  const wanted = hex === undefined ? null : latin1(fillBytes(hex, SAMPLE_SCOPE) ?? new Uint8Array());
  const reader = new LineReader(serial.encoding, HEARD_CHARACTERS);
  let raw = '';
  let text = '';
  const hears = (bytes: Uint8Array): boolean => {
    raw = (raw + latin1(bytes)).slice(-HEARD_CHARACTERS);
    for (const line of reader.push(bytes)) text = `${text}${line.text}\n`.slice(-HEARD_CHARACTERS);
    if (wanted !== null && !raw.includes(wanted)) return false;
    return pattern === null || pattern.test(text + reader.begun.text);
  };
  return (bytes) => {
    // What comes with a flood of other bytes is heard too.
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      if (hears(bytes.subarray(at, at + PIECE_BYTES))) return true;
    return false;
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
