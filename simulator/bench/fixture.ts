import { type Outlet, type Port, SerialLine } from '../wire/index.ts';

export interface FixtureOptions {
  readonly slot: number;
  readonly outlet: Outlet;
  /** Bit rate of the line, `null` for no pacing. */
  readonly baudRate: number | null;
  readonly supplied: boolean;
  /** The cable went in or out. */
  readonly onCable: (plugged: boolean) => void;
}

/** One place on the bench: a port that stays while units come and go. */
export class Fixture {
  readonly slot: number;
  /** Whether what is laid on it gets power: always, or as the relay of a fixture board has it. */
  supplied: boolean;
  readonly #options: FixtureOptions;
  #line: SerialLine | null;
  #path: string;
  /** Of a port whose cable is out: a station that looks for it must not find that of another bench. */
  #name: Disposable | null = null;
  #receiver: ((bytes: Uint8Array) => void) | null = null;

  constructor(options: FixtureOptions) {
    this.slot = options.slot;
    this.supplied = options.supplied;
    this.#options = options;
    const port = options.outlet.open();
    this.#path = port.path;
    this.#line = this.#wire(port);
  }

  /** What the station opens; while the cable is out, what it was. */
  get path(): string {
    return this.#path;
  }

  get plugged(): boolean {
    return this.#line !== null;
  }

  /** Bytes from the station go here; `null` when nothing with power lies on the fixture: then they are lost. */
  connect(receiver: ((bytes: Uint8Array) => void) | null): void {
    this.#receiver = receiver;
    this.#line?.silence();
  }

  send(bytes: Uint8Array, pauseBeforeMs = 0): void {
    this.#line?.send(bytes, pauseBeforeMs);
  }

  get waitingBytes(): number {
    return this.#line?.waitingBytes ?? 0;
  }

  /** The rate the station has set; `null` when unknown. */
  stationBaudRate(): number | null {
    return this.#line?.stationBaudRate() ?? null;
  }

  unplug(): void {
    if (this.#line === null) return;
    this.#name = this.#line.unplug();
    this.#line = null;
    this.#options.onCable(false);
  }

  plug(): void {
    if (this.#line !== null) return;
    this.#freeName();
    const port = this.#options.outlet.reopen(this.#path);
    this.#path = port.path;
    this.#line = this.#wire(port);
    this.#options.onCable(true);
  }

  close(): void {
    this.#line?.close();
    this.#line = null;
    this.#freeName();
  }

  #freeName(): void {
    this.#name?.[Symbol.dispose]();
    this.#name = null;
  }

  #wire(port: Port): SerialLine {
    return new SerialLine(port, {
      baudRate: this.#options.baudRate,
      onReceive: (bytes) => this.#receiver?.(bytes),
    });
  }
}
