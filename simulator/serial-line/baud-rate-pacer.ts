/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
/** Node's timers count whole milliseconds and end up to one later. The rest of a wait polls the clock instead. */
const TIMER_DELAY_MS = 1.5;
/** Bytes are delivered in blocks of this duration, as by USB serial adapters. The last byte is on time to 0.1 ms. */
const LONGEST_TICK_MS = 4;

interface Segment {
  readonly bytes: Uint8Array;
  readonly pauseBeforeMs: number;
  readonly bytesPerMs: number;
}

/**
 * One direction of a serial line: delivers bytes in order and no sooner than a line of the given rate would. The schedule
 * uses absolute times, so that delays of timers do not add up.
 */
export class BaudRatePacer {
  #bytesPerMs: number;
  readonly #deliver: (bytes: Uint8Array) => void;
  #queue: Segment[] = [];
  #offset = 0;
  #pendingBytes = 0;
  /** Time at which the transmission of the first byte in the queue starts. */
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #poll: NodeJS.Immediate | null = null;
  #closed = false;

  /** `baudRate` in bit/s; `null` for no pacing. */
  constructor(baudRate: number | null, deliver: (bytes: Uint8Array) => void) {
    this.#bytesPerMs = bytesPerMs(baudRate);
    this.#deliver = deliver;
  }

  /** Sets the rate of the bytes that are pushed from now on, in bit/s; `null` for no pacing. */
  setBaudRate(baudRate: number | null): void {
    this.#bytesPerMs = bytesPerMs(baudRate);
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
    this.#queue.push({ bytes, pauseBeforeMs, bytesPerMs: this.#bytesPerMs });
    this.#pendingBytes += bytes.length;
    if (idle) {
      this.#freeAtMs = performance.now() + pauseBeforeMs;
      this.#schedule();
    }
  }

  /** Discards all bytes that are not delivered yet. */
  clear(): void {
    this.#stopWaiting();
    this.#queue = [];
    this.#offset = 0;
    this.#pendingBytes = 0;
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  #stopWaiting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#poll !== null) clearImmediate(this.#poll);
    this.#timer = null;
    this.#poll = null;
  }

  /** Waits until the next block is due: with a timer, and at last by polling, so that a frame ends on time. */
  #schedule(): void {
    const head = this.#queue[0];
    if (head === undefined) return;
    const blockMs = Math.min((head.bytes.length - this.#offset) / head.bytesPerMs, LONGEST_TICK_MS);
    this.#waitUntil(this.#freeAtMs + blockMs);
  }

  #waitUntil(dueMs: number): void {
    const leftMs = dueMs - performance.now();
    if (leftMs > TIMER_DELAY_MS) {
      this.#timer = setTimeout(
        () => {
          this.#timer = null;
          this.#waitUntil(dueMs);
        },
        Math.floor(leftMs - TIMER_DELAY_MS) || 1,
      );
    } else {
      this.#poll = setImmediate(() => {
        this.#poll = null;
        if (performance.now() < dueMs) this.#waitUntil(dueMs);
        else this.#deliverDue();
      });
    }
  }

  #deliverDue(): void {
    const now = performance.now();
    let head = this.#queue[0];
    while (head !== undefined && !this.#closed) {
      const remaining = head.bytes.length - this.#offset;
      const due = Math.min(remaining, Math.floor((now - this.#freeAtMs) * head.bytesPerMs + 1e-6));
      if (!(due > 0)) break;
      const part = head.bytes.subarray(this.#offset, this.#offset + due);
      this.#freeAtMs += due / head.bytesPerMs;
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
    if (head !== undefined && !this.#closed && this.#timer === null && this.#poll === null) this.#schedule();
  }
}

function bytesPerMs(baudRate: number | null): number {
  return baudRate === null ? Number.POSITIVE_INFINITY : baudRate / BITS_PER_BYTE / 1_000;
}
