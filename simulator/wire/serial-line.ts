import type { PtyPair } from '../pty/index.ts';
import { LinePacer } from './line-pacer.ts';

/** From here on the device's UART is told to wait, so that a flood of the station stays in the kernel. */
const RECEIVE_HIGH_BYTES = 4_096;
const RECEIVE_LOW_BYTES = 1_024;
/** So many unread bytes for so long mean that nobody has the port open: the rest of what is said is lost. */
const UNHEARD_BYTES = 2_048;
const UNHEARD_AFTER_MS = 1_000;
/** What the simulator itself keeps for a station that reads slowly; a real UART has far less. */
const TRANSMIT_BACKLOG_BYTES = 65_536;

export interface SerialLineOptions {
  /** Bit rate of the line, `null` for no pacing. */
  readonly baudRate: number | null;
  /** Bytes that reach the device, in pieces as the line carries them. */
  readonly onReceive: (bytes: Uint8Array) => void;
}

/**
 * A pty that takes as long as a serial line would, in both directions, and that forgets what a device says while
 * nobody listens, as a line does.
 */
export class SerialLine {
  readonly #pty: PtyPair;
  readonly #transmit: LinePacer;
  readonly #receive: LinePacer;
  #unreadBefore = 0;
  #unheardSinceMs: number | null = null;
  #lostBytes = 0;

  constructor(pty: PtyPair, options: SerialLineOptions) {
    this.#pty = pty;
    this.#transmit = new LinePacer(options.baudRate, (bytes) => this.#toStation(bytes));
    this.#receive = new LinePacer(options.baudRate, (bytes) => {
      options.onReceive(bytes);
      if (this.#pty.master.isPaused() && this.#receive.pendingBytes < RECEIVE_LOW_BYTES)
        this.#pty.master.resume();
    });
    pty.master.on('data', (chunk: Uint8Array) => {
      this.#receive.push(chunk);
      if (this.#receive.pendingBytes > RECEIVE_HIGH_BYTES) pty.master.pause();
    });
  }

  get path(): string {
    return this.#pty.path;
  }

  /** The rate the station has set on its end. */
  stationBaudRate(): number | null {
    return this.#pty.stationBaudRate();
  }

  /** Bytes of the device that were dropped because nobody read. */
  get lostBytes(): number {
    return this.#lostBytes;
  }

  /** Bytes the device has said and the line has not carried yet. */
  get waitingBytes(): number {
    return this.#transmit.pendingBytes;
  }

  /** The device says something, after a silence of `pauseBeforeMs`. */
  send(bytes: Uint8Array, pauseBeforeMs = 0): void {
    this.#transmit.push(bytes, pauseBeforeMs);
  }

  /** The device has lost power: what it had not finished saying is not said. */
  silence(): void {
    this.#transmit.clear();
    this.#receive.clear();
    if (this.#pty.master.isPaused()) this.#pty.master.resume();
  }

  /** Pulls the cable: the port is gone for whoever has it open. */
  close(): void {
    this.#transmit.close();
    this.#receive.close();
    this.#pty.close();
  }

  #toStation(bytes: Uint8Array): void {
    if (this.#nobodyListens() || this.#pty.master.writableLength > TRANSMIT_BACKLOG_BYTES) {
      this.#lostBytes += bytes.length;
      return;
    }
    this.#pty.master.write(bytes);
  }

  #nobodyListens(): boolean {
    const unread = this.#pty.unreadBytes();
    const now = performance.now();
    if (unread < UNHEARD_BYTES || unread < this.#unreadBefore) this.#unheardSinceMs = null;
    else this.#unheardSinceMs ??= now;
    this.#unreadBefore = unread;
    return this.#unheardSinceMs !== null && now - this.#unheardSinceMs > UNHEARD_AFTER_MS;
  }
}
