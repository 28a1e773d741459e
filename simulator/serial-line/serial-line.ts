import { BaudRatePacer } from './baud-rate-pacer.ts';
import type { ControlLines, Port } from './port.ts';

/** Above this backlog the port is paused, so that a flood from the station stays in the kernel. */
const RECEIVE_HIGH_BYTES = 4_096;
const RECEIVE_LOW_BYTES = 1_024;
/** Above this number of unread bytes, further bytes wait here, so that opening a port discards no more than that. */
const UNREAD_LIMIT_BYTES = 2_048;
const UNREAD_POLL_MS = 5;
/** When the station has read nothing for this time, it does not have the port open, and pending bytes are lost. */
const ABANDONED_AFTER_MS = 1_000;

export interface SerialLineOptions {
  /** Bit rate of the line, `null` for no pacing. */
  readonly baudRate: number | null;
  /** Called with the bytes for the device, in pieces as the line delivers them. */
  readonly onReceive: (bytes: Uint8Array) => void;
  /** Called when the station sets a control line. */
  readonly onControlLines?: (lines: ControlLines) => void;
}

/**
 * A port with the timing of a serial line in both directions. Bytes of the device are lost while no station has the port
 * open, as on a real line.
 */
export class SerialLine {
  readonly #port: Port;
  readonly #transmit: BaudRatePacer;
  readonly #receive: BaudRatePacer;
  #pending: Uint8Array[] = [];
  #poll: NodeJS.Timeout | null = null;
  #unreadBefore = 0;
  #stalledSinceMs: number | null = null;
  #lostBytes = 0;

  constructor(port: Port, options: SerialLineOptions) {
    this.#port = port;
    this.#transmit = new BaudRatePacer(options.baudRate, (bytes) => this.#toStation(bytes));
    this.#receive = new BaudRatePacer(options.baudRate, (bytes) => {
      options.onReceive(bytes);
      if (this.#port.master.isPaused() && this.#receive.pendingBytes < RECEIVE_LOW_BYTES)
        this.#port.master.resume();
    });
    port.controlLines?.onChange((lines) => options.onControlLines?.(lines));
    port.master.on('data', (chunk: Uint8Array) => {
      this.#receive.push(chunk);
      if (this.#receive.pendingBytes > RECEIVE_HIGH_BYTES) port.master.pause();
    });
  }

  get path(): string {
    return this.#port.path;
  }

  /** The bit rate that the station has set on its end. */
  stationBaudRate(): number | null {
    return this.#port.stationBaudRate();
  }

  /** Whether the port has control lines that the station can set. */
  get hasControlLines(): boolean {
    return this.#port.controlLines !== undefined;
  }

  /** Sets the pace of the line in both directions, in bit/s; `null` for no pacing. */
  setBaudRate(baudRate: number | null): void {
    this.#transmit.setBaudRate(baudRate);
    this.#receive.setBaudRate(baudRate);
  }

  /** Number of bytes of the device that were lost because the station did not read. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Number of bytes of the device that are not handed to the station's computer yet. */
  get waitingBytes(): number {
    return this.#pending.reduce((sum, bytes) => sum + bytes.length, this.#transmit.pendingBytes);
  }

  /** Sends bytes of the device after a pause of `pauseBeforeMs`. */
  send(bytes: Uint8Array, pauseBeforeMs = 0): void {
    this.#transmit.push(bytes, pauseBeforeMs);
  }

  /** Discards all bytes in both directions. Called when the device loses power. */
  discardPending(): void {
    this.#transmit.clear();
    this.#receive.clear();
    this.#pending = [];
    if (this.#port.master.isPaused()) this.#port.master.resume();
  }

  /** Closes the port. A station that has it open has lost it. */
  close(): void {
    this.#stop();
    this.#port.close();
  }

  /** Closes the port as `close` does, but reserves its path until the result is disposed. */
  unplug(): Disposable {
    this.#stop();
    return this.#port.unplug();
  }

  #stop(): void {
    this.#transmit.close();
    this.#receive.close();
    this.#pending = [];
    if (this.#poll !== null) clearTimeout(this.#poll);
  }

  #toStation(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    if (this.#poll === null) this.#flush();
  }

  #flush(): void {
    this.#poll = null;
    for (;;) {
      const next = this.#pending[0];
      if (next === undefined) return;
      if (!this.#acceptsMore()) break;
      this.#pending.shift();
      this.#port.master.write(next);
    }
    if (this.#isAbandoned()) {
      for (const bytes of this.#pending) this.#lostBytes += bytes.length;
      this.#pending = [];
    } else this.#poll = setTimeout(() => this.#flush(), UNREAD_POLL_MS);
  }

  #acceptsMore(): boolean {
    // Bytes that the stream still has to write are unread as well.
    const unread = this.#port.unreadBytes() + this.#port.master.writableLength;
    const progress = unread < this.#unreadBefore;
    this.#unreadBefore = unread;
    if (unread < UNREAD_LIMIT_BYTES) this.#stalledSinceMs = null;
    else if (progress || this.#stalledSinceMs === null) this.#stalledSinceMs = performance.now();
    return this.#stalledSinceMs === null;
  }

  #isAbandoned(): boolean {
    return this.#stalledSinceMs !== null && performance.now() - this.#stalledSinceMs > ABANDONED_AFTER_MS;
  }
}
