/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
/** Node's timers count whole milliseconds. */
const SHORTEST_TICK_MS = 1;
/** Bytes are delivered in blocks of this duration, as by USB serial adapters. The last byte is on time. */
const LONGEST_TICK_MS = 4;

interface Segment {
  readonly bytes: Uint8Array;
  readonly pauseBeforeMs: number;
}

/**
 * One direction of a serial line: delivers bytes in order and no sooner than a line of the given rate would. The schedule
 * uses absolute times, so that delays of timers do not add up.
 */
export class BaudRatePacer {
  readonly #bytesPerMs: number;
  readonly #deliver: (bytes: Uint8Array) => void;
  #queue: Segment[] = [];
  #offset = 0;
  #pendingBytes = 0;
  /** Time at which the transmission of the first byte in the queue starts. */
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** `baudRate` in bit/s; `null` for no pacing. */
  constructor(baudRate: number | null, deliver: (bytes: Uint8Array) => void) {
    this.#bytesPerMs = baudRate === null ? Number.POSITIVE_INFINITY : baudRate / BITS_PER_BYTE / 1_000;
    this.#deliver = deliver;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Transmits bytes after a pause of `pauseBeforeMs`, which starts when the previous bytes are delivered. */
  push(bytes: Uint8Array, pauseBeforeMs = 0): void {
    if (this.#closed || bytes.length === 0) return;
    const idle = this.#queue.length === 0;
    if (idle && pauseBeforeMs === 0 && this.#bytesPerMs === Number.POSITIVE_INFINITY) {
      this.#deliver(bytes);
      return;
    }
    this.#queue.push({ bytes, pauseBeforeMs });
    this.#pendingBytes += bytes.length;
    if (idle) {
      this.#freeAtMs = performance.now() + pauseBeforeMs;
      this.#schedule();
    }
  }

  /** Discards all bytes that are not delivered yet. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#queue = [];
    this.#offset = 0;
    this.#pendingBytes = 0;
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  #schedule(): void {
    const head = (this.#queue[0]?.bytes.length ?? 0) - this.#offset;
    const toStartMs = this.#freeAtMs - performance.now();
    const blockMs = Math.min(head / this.#bytesPerMs, LONGEST_TICK_MS);
    this.#timer = setTimeout(
      () => this.#deliverDue(),
      Math.max(SHORTEST_TICK_MS, Math.ceil(toStartMs + blockMs)),
    );
  }

  #deliverDue(): void {
    this.#timer = null;
    const now = performance.now();
    let head = this.#queue[0];
    while (head !== undefined && !this.#closed) {
      const remaining = head.bytes.length - this.#offset;
      const due = Math.min(remaining, Math.floor((now - this.#freeAtMs) * this.#bytesPerMs + 1e-6));
      if (!(due > 0)) break;
      const part = head.bytes.subarray(this.#offset, this.#offset + due);
      this.#freeAtMs += due / this.#bytesPerMs;
      this.#pendingBytes -= due;
      this.#offset += due;
      if (due === remaining) {
        this.#queue.shift();
        this.#offset = 0;
        this.#freeAtMs += this.#queue[0]?.pauseBeforeMs ?? 0;
      }
      this.#deliver(part);
      head = this.#queue[0];
    }
    if (head !== undefined && !this.#closed && this.#timer === null) this.#schedule();
  }
}
