import type { Socket } from 'node:net';

/** 25 MB a second: more than any unit sends, and little enough that the other slots are served. */
const INTERVAL_MS = 10;
const BYTES_PER_INTERVAL = 256 * 1024;

/** Limits the rate at which bytes are read from a socket; the sender waits meanwhile, and nothing is lost. */
export class ReadThrottle implements Disposable {
  readonly #socket: Socket;
  #bytes = 0;
  #isPaused = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Counts received bytes. */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
    this.#timer ??= setTimeout(() => this.#beginInterval(), INTERVAL_MS);
    if (this.#bytes > BYTES_PER_INTERVAL) this.#socket.pause();
  }

  /** Stops reading until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#bytes <= BYTES_PER_INTERVAL) this.#socket.resume();
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #beginInterval(): void {
    this.#timer = null;
    this.#bytes = 0;
    if (!this.#isPaused) this.#socket.resume();
  }
}
