import type { ActiveFaults, FaultNamed } from '../faults/index.ts';

type Direction = 'station' | 'unit';
const KINDS = ['lose-bytes', 'change-bytes', 'late-bytes', 'stall'] as const;
type Kind = (typeof KINDS)[number];

/** Bytes as they arrive: after a pause, and perhaps none. */
export interface Arriving {
  readonly bytes: Uint8Array;
  readonly pauseBeforeMs: number;
}

/** Applies the faults of single bytes on the wire. Each counts the bytes of its direction from when it was added. */
export class WireFaults {
  readonly #faults: ActiveFaults;
  readonly #timeScale: number;
  /** Number of bytes since a fault was added, or since it last occurred. */
  #counted = new Map<Kind, number>();
  #stalled: Record<Direction, boolean> = { station: false, unit: false };

  constructor(faults: ActiveFaults, timeScale: number) {
    this.#faults = faults;
    this.#timeScale = timeScale;
  }

  /** Restarts all counters, and ends a stall: when the unit gets power or other faults, and when its chip is reset. */
  restart(): void {
    this.#counted.clear();
    this.#stalled = { station: false, unit: false };
  }

  /** Bytes of one direction as they arrive at the other end. */
  carry(from: Direction, sent: Uint8Array): Arriving {
    if (this.#stalled[from]) return { bytes: sent.subarray(0, 0), pauseBeforeMs: 0 };
    let bytes = sent;
    let pauseBeforeMs = 0;
    for (const kind of KINDS) {
      const fault = this.#faults.get(kind);
      if (fault === null || fault.from !== from) continue;
      const before = this.#counted.get(kind) ?? 0;
      const at = fault.afterBytes - before;
      const through = 'count' in fault ? at + fault.count : at + 1;
      this.#counted.set(kind, before + sent.length);
      if (through <= 0 || at >= sent.length) continue;
      if (through <= sent.length) this.#occurred(kind);
      if (fault.fault === 'late-bytes') pauseBeforeMs += fault.ms * this.#timeScale;
      else bytes = this.#apply(fault, bytes, Math.max(0, at), Math.min(sent.length, through));
    }
    return { bytes, pauseBeforeMs };
  }

  /** The last byte of the fault has passed. With `times` left, it counts from here. */
  #occurred(kind: Kind): void {
    this.#faults.take(kind);
    if (this.#faults.get(kind)?.times !== undefined) this.#counted.delete(kind);
  }

  #apply(
    fault: FaultNamed<Exclude<Kind, 'late-bytes'>>,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Uint8Array {
    switch (fault.fault) {
      case 'lose-bytes':
        return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      case 'change-bytes':
        return bytes.map((byte, at) => (at >= start && at < end ? byte ^ fault.mask : byte));
      case 'stall':
        this.#stalled[fault.from] = true;
        return bytes.subarray(0, start);
    }
  }
}
