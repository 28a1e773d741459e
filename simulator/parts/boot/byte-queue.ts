import { delay } from '../../platform/index.ts';

/** When a wait ends later than this, the process got no processor, and bytes may have come in time unread. */
const LATE_MS = 50;

/** Waits real time, because a station has to be fast enough for a boot loader. */
export type RealWait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The bytes that a boot loader received, for one reader. */
export class ByteQueue {
  readonly #wait: RealWait;
  #bytes: Buffer = Buffer.alloc(0);
  #arrived: () => void = () => undefined;

  constructor(wait: RealWait = delay) {
    this.#wait = wait;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#arrived();
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The first bytes, which stay. */
  peek(count: number): Buffer {
    return this.#bytes.subarray(0, count);
  }

  /** Removes the first byte. */
  skip(): void {
    this.#bytes = this.#bytes.subarray(1);
  }

  /** The next bytes; `null` when they do not come within `timeoutMs`, and then those that came stay. */
  async read(count: number, timeoutMs: number, signal: AbortSignal): Promise<Buffer | null> {
    if (this.#bytes.length >= count) return this.#take(count);
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const arrived = new Promise<true>((resolve) => {
      this.#arrived = () => {
        if (this.#bytes.length >= count) resolve(true);
      };
    });
    try {
      for (;;) {
        const startedMs = performance.now();
        const came = await Promise.race([arrived, this.#wait(timeoutMs, until).then(() => false)]);
        if (came) return this.#take(count);
        if (performance.now() - startedMs <= timeoutMs + LATE_MS) return null;
      }
    } finally {
      this.#arrived = () => undefined;
      ended.abort();
    }
  }

  /** Removes bytes until none come for `quietMs`. */
  async drain(quietMs: number, signal: AbortSignal): Promise<void> {
    do this.clear();
    while ((await this.read(1, quietMs, signal)) !== null);
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }
}
