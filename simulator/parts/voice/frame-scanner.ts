import { delay } from '../../platform/index.ts';
import { crc16 } from '../ci130x/index.ts';
import { FRAME_OVERHEAD_BYTES } from './user-frame.ts';

/** An element of a byte stream: a frame, or bytes between frames. */
export type Scanned =
  | { readonly kind: 'user'; readonly command: number; readonly data: Uint8Array }
  /** Bytes outside of frames: text when the module has a console, else noise. */
  | { readonly kind: 'other'; readonly bytes: Uint8Array };

/** A pause of this length inside a frame ends it as noise. */
const GAP_MS = 500;
/** When a wait ends later than this, the process got no processor, and bytes may have come in time unread. */
const LATE_MS = 50;

/** Splits the bytes of the UART into frames. A frame with a wrong checksum or tail is noise; the next one is found. */
export class FrameScanner {
  readonly #longestFrame: number;
  #bytes = Buffer.alloc(0);
  /** True when the rest of the frame in `#bytes` did not come in time. */
  #isCutOff = false;
  #pause = new AbortController();

  /** `longestFrameBytes`: the longest frame that the module accepts on its user UART. */
  constructor(longestFrameBytes: number) {
    this.#longestFrame = longestFrameBytes;
  }

  clear(): void {
    this.#pause.abort();
    this.#isCutOff = false;
    this.#bytes = Buffer.alloc(0);
  }

  push(bytes: Uint8Array): readonly Scanned[] {
    const found: Scanned[] = [];
    let other: number[] = [];
    const flush = (): void => {
      if (other.length > 0) found.push({ kind: 'other', bytes: Buffer.from(other) });
      other = [];
    };
    if (this.#isCutOff) other.push(...this.#bytes);
    const before = this.#isCutOff ? Buffer.alloc(0) : this.#bytes;
    this.clear();
    let remaining = Buffer.concat([before, bytes]);
    while (remaining.length > 0) {
      const next = this.#frameAt(remaining);
      if (next === 'more') break;
      if (next === null) {
        other.push(remaining.readUInt8(0));
        remaining = remaining.subarray(1);
        continue;
      }
      flush();
      found.push(next.frame);
      remaining = remaining.subarray(next.length);
    }
    this.#bytes = Buffer.from(remaining);
    if (remaining.length > 0) void this.#waitForRest();
    flush();
    return found;
  }

  async #waitForRest(): Promise<void> {
    const { signal } = (this.#pause = new AbortController());
    try {
      for (let waitedMs = Infinity; waitedMs > GAP_MS + LATE_MS;) {
        const startedMs = performance.now();
        await delay(GAP_MS, signal);
        waitedMs = performance.now() - startedMs;
      }
      this.#isCutOff = true;
    } catch {
      // The rest came, or the module lost its power.
    }
  }

  #frameAt(bytes: Buffer): { readonly frame: Scanned; readonly length: number } | 'more' | null {
    const [first, second] = bytes;
    if (first !== 0xaa) return null;
    if (second === undefined) return 'more';
    return second === 0x55 ? this.#userFrame(bytes) : null;
  }

  #userFrame(bytes: Buffer): { readonly frame: Scanned; readonly length: number } | 'more' | null {
    if (bytes.length < 3) return 'more';
    const payloadBytes = bytes.readUInt8(2);
    const length = payloadBytes + FRAME_OVERHEAD_BYTES;
    if (payloadBytes === 0 || length > this.#longestFrame) return null;
    if (bytes.length < length) return 'more';
    const end = 3 + payloadBytes;
    const whole =
      crc16(bytes.subarray(3, end)) === bytes.readUInt16LE(end) && bytes.readUInt16BE(end + 2) === 0x55aa;
    const frame: Scanned = { kind: 'user', command: bytes.readUInt8(3), data: bytes.subarray(4, end) };
    return whole ? { frame, length } : null;
  }
}
