/** What a board's connectors are wired to. Channels count from 0: channel 0 is slot 1. */
export interface Wiring {
  readonly channels: number;
  /** Closes or opens a relay: power for what lies on the slot. */
  readonly switchRelay: (channel: number, closed: boolean) => void;
  /** Level at an input: the output pin of what lies on the slot. */
  readonly readPin: (channel: number) => boolean;
}

/** A board's firmware: takes bytes from its serial port, and says others. */
export interface BoardFirmware {
  receive(bytes: Uint8Array): void;
}

/** The relays of a board: all open when it gets its own power. */
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
