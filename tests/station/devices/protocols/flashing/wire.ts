import { Fault } from '#shared/domain/fault.ts';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';
import type { VirtualClock } from '../../../../support/virtual-clock.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';

/** What happens to one byte of a direction, counted from 0. */
export interface WireFault {
  readonly direction: 'to-unit' | 'to-station';
  readonly at: number;
  /** `late`: this byte and all after it that are sent until then arrive this much later. */
  readonly kind: 'lost' | 'changed' | 'late';
  /** Milliseconds of `late`, bits that are changed. */
  readonly value: number;
}

interface Direction {
  at: number;
  queue: Promise<void>;
}

/** A serial line in memory, with time and disturbances, between a port of the station and a unit. */
export class Wire {
  readonly port: DevicePort & { readonly baudRates: number[] };
  /** The unit's receiver. */
  onReceive: (bytes: Uint8Array) => void = () => undefined;
  readonly #clock: VirtualClock;
  readonly #faults: readonly WireFault[];
  readonly #toUnit: Direction = { at: 0, queue: Promise.resolve() };
  readonly #toStation: Direction = { at: 0, queue: Promise.resolve() };
  #listener: ((bytes: Uint8Array) => void) | null = null;
  readonly #lost: ((fault: Fault) => void)[] = [];
  #isLost = false;

  constructor(clock: VirtualClock, faults: readonly WireFault[] = []) {
    this.#clock = clock;
    this.#faults = faults;
    const baudRates: number[] = [];
    this.port = {
      path: '/dev/wire',
      baudRates,
      write: async (bytes) => {
        if (this.#isLost) throw lost();
        await this.#carry('to-unit', this.#toUnit, bytes, (carried) => this.onReceive(carried));
      },
      onData: (listener) => {
        this.#listener = listener;
      },
      onLost: (listener) => void this.#lost.push(listener),
      setBaudRate: (baudRate) => {
        baudRates.push(baudRate);
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  /** Bytes of the unit. */
  readonly send = (bytes: Uint8Array): void => {
    void this.#carry('to-station', this.#toStation, bytes, (carried) => this.#listener?.(carried));
  };

  /** Pulls the cable. */
  lose(): void {
    this.#isLost = true;
    for (const listener of this.#lost) listener(lost());
  }

  /** Bytes arrive in order; a late one delays those behind it. */
  #carry(
    name: WireFault['direction'],
    direction: Direction,
    bytes: Uint8Array,
    deliver: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const from = direction.at;
    direction.at += bytes.length;
    const hits = this.#faults.filter(
      ({ direction: of, at }) => of === name && at >= from && at < direction.at,
    );
    const dropped = new Set(hits.filter(({ kind }) => kind === 'lost').map(({ at }) => at - from));
    const carried = Uint8Array.from(bytes);
    for (const { kind, at, value } of hits) if (kind === 'changed') carried[at - from]! ^= value & 0xff || 1;
    const delayMs = Math.max(0, ...hits.filter(({ kind }) => kind === 'late').map(({ value }) => value));
    direction.queue = direction.queue.then(async () => {
      if (delayMs > 0) await this.#clock.sleep(delayMs, NEVER_ABORTED);
      deliver(carried.filter((_, at) => !dropped.has(at)));
    });
    return direction.queue;
  }
}

function lost(): Fault {
  return new Fault('port-lost', '/dev/wire went away while in use');
}
