import { LinePacer } from './baud-rate-pacer.ts';
import type { Port } from './port.ts';

/** From here on the device's UART is told to wait, so that a flood of the station stays in the kernel. */
const RECEIVE_HIGH_BYTES = 4_096;
const RECEIVE_LOW_BYTES = 1_024;
/** Where the station has left so much unread, the rest waits here; opening a port discards no more than that. */
const UNREAD_LIMIT_BYTES = 2_048;
const UNREAD_POLL_MS = 5;
/** When nothing has been read for so long, nobody has the port open: what was said is lost. */
const UNHEARD_AFTER_MS = 1_000;

export interface SerialLineOptions {
  /** Bit rate of the line, `null` for no pacing. */
  readonly baudRate: number | null;
  /** Bytes that reach the device, in pieces as the line carries them. */
  readonly onReceive: (bytes: Uint8Array) => void;
}

/**
 * A port that takes as long as a serial line would, in both directions, and that forgets what a device says while
 * nobody listens, as a line does.
 */
export class SerialLine {
  readonly #port: Port;
  readonly #transmit: LinePacer;
  readonly #receive: LinePacer;
  #held: Uint8Array[] = [];
  #poll: NodeJS.Timeout | null = null;
  #unreadBefore = 0;
  #unheardSinceMs: number | null = null;
  #lostBytes = 0;

  constructor(port: Port, options: SerialLineOptions) {
    this.#port = port;
    this.#transmit = new LinePacer(options.baudRate, (bytes) => this.#toStation(bytes));
    this.#receive = new LinePacer(options.baudRate, (bytes) => {
      options.onReceive(bytes);
      if (this.#port.master.isPaused() && this.#receive.pendingBytes < RECEIVE_LOW_BYTES)
        this.#port.master.resume();
    });
    port.master.on('data', (chunk: Uint8Array) => {
      this.#receive.push(chunk);
      if (this.#receive.pendingBytes > RECEIVE_HIGH_BYTES) port.master.pause();
    });
  }

  get path(): string {
    return this.#port.path;
  }

  /** The rate the station has set on its end. */
  stationBaudRate(): number | null {
    return this.#port.stationBaudRate();
  }

  /** Bytes of the device that were dropped because nobody read. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Bytes the device has said and the station's computer has not taken yet. */
  get waitingBytes(): number {
    return this.#held.reduce((sum, bytes) => sum + bytes.length, this.#transmit.pendingBytes);
  }

  /** The device says something, after a silence of `pauseBeforeMs`. */
  send(bytes: Uint8Array, pauseBeforeMs = 0): void {
    this.#transmit.push(bytes, pauseBeforeMs);
  }

  /** The device has lost power: what it had not finished saying is not said. */
  silence(): void {
    this.#transmit.clear();
    this.#receive.clear();
    this.#held = [];
    if (this.#port.master.isPaused()) this.#port.master.resume();
  }

  /** Pulls the cable: the port is gone for whoever has it open. */
  close(): void {
    this.#stop();
    this.#port.close();
  }

  /** As `close`, but nobody else gets the port's name until what it returns is disposed of. */
  unplug(): Disposable {
    this.#stop();
    return this.#port.unplug();
  }

  #stop(): void {
    this.#transmit.close();
    this.#receive.close();
    this.#held = [];
    if (this.#poll !== null) clearTimeout(this.#poll);
  }

  #toStation(bytes: Uint8Array): void {
    this.#held.push(bytes);
    if (this.#poll === null) this.#handOver();
  }

  #handOver(): void {
    this.#poll = null;
    for (;;) {
      const next = this.#held[0];
      if (next === undefined) return;
      if (!this.#mayTakeMore()) break;
      this.#held.shift();
      this.#port.master.write(next);
    }
    if (this.#isUnheard()) {
      for (const bytes of this.#held) this.#lostBytes += bytes.length;
      this.#held = [];
    } else this.#poll = setTimeout(() => this.#handOver(), UNREAD_POLL_MS);
  }

  #mayTakeMore(): boolean {
    // What the stream still has to write is unread as well.
    const unread = this.#port.unreadBytes() + this.#port.master.writableLength;
    const progress = unread < this.#unreadBefore;
    this.#unreadBefore = unread;
    if (unread < UNREAD_LIMIT_BYTES) this.#unheardSinceMs = null;
    else if (progress || this.#unheardSinceMs === null) this.#unheardSinceMs = performance.now();
    return this.#unheardSinceMs === null;
  }

  #isUnheard(): boolean {
    return this.#unheardSinceMs !== null && performance.now() - this.#unheardSinceMs > UNHEARD_AFTER_MS;
  }
}
