import { delay } from '../../platform/index.ts';
import { type BootFrame, frameAt } from './boot-frame.ts';

/** Frames that wait for the chip. A station waits for an answer after each. */
const MOST_FRAMES = 8;
/** When a wait ends later than this, the process got no processor, and a frame may have come in time unread: it waits once more. */
const LATE_MS = 50;

/** The frames that a chip received, for one reader. Bytes outside of frames and damaged frames are passed over. */
export class FrameInbox {
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  #bytes: Buffer = Buffer.alloc(0);
  #frames: BootFrame[] = [];
  #arrived: () => void = () => undefined;

  constructor(wait: (ms: number, signal: AbortSignal) => Promise<void> = delay) {
    this.#wait = wait;
  }

  push(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const { frame, length } = frameAt(this.#bytes);
      if (length === 0) break;
      this.#bytes = this.#bytes.subarray(length);
      if (frame !== null && this.#frames.length < MOST_FRAMES) this.#frames.push(frame);
    }
    if (this.#frames.length > 0) this.#arrived();
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
    this.#frames = [];
  }

  /** `null` when none comes within `timeoutMs` of real time. */
  async next(timeoutMs: number, signal: AbortSignal): Promise<BootFrame | null> {
    const first = this.#frames.shift();
    if (first !== undefined) return first;
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const arrived = new Promise<true>((resolve) => {
      this.#arrived = () => resolve(true);
    });
    try {
      for (let isSecond = false; ; isSecond = true) {
        const startedMs = performance.now();
        const came = await Promise.race([arrived, this.#wait(timeoutMs, until).then(() => false)]);
        if (came) return this.#frames.shift() ?? null;
        if (isSecond || performance.now() - startedMs <= timeoutMs + LATE_MS) return null;
      }
    } finally {
      this.#arrived = () => undefined;
      ended.abort();
    }
  }
}
