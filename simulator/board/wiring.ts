/** The wiring of a board to the fixtures. Channels count from 0: channel 0 is slot 1. */
export interface Wiring {
  readonly channels: number;
  /** Called when a relay closes or opens: power of the unit on the slot. */
  readonly switchRelay: (channel: number, closed: boolean) => void;
  /** Level of an input: the output pin of the unit on the slot. */
  readonly readPin: (channel: number) => boolean;
}

/** A board's firmware: takes the bytes of its serial port. */
export interface BoardFirmware {
  receive(bytes: Uint8Array): void;
}

/** The relays of a board. All are open after power-on. */
export class Relays {
  readonly #wiring: Wiring;
  readonly #closed: boolean[];

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    this.#closed = Array.from({ length: wiring.channels }, () => false);
  }

  /** `null` for a channel that the board does not have. */
  isClosed(channel: number): boolean | null {
    return this.#closed[channel] ?? null;
  }

  set(channel: number, closed: boolean): void {
    if (this.isClosed(channel) === null || this.#closed[channel] === closed) return;
    this.#closed[channel] = closed;
    this.#wiring.switchRelay(channel, closed);
  }
}
