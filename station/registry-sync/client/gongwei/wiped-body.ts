/** Bytes that are gathered in one place, so that they can be wiped there; nothing of them is left where they were. */
export interface WipedBody extends Disposable {
  /** Faults: `RangeError` beyond the limit. */
  add(bytes: Uint8Array): void;
  /** What was gathered, in its own memory: valid until the next `add`. */
  readonly bytes: Uint8Array;
}

export function createWipedBody(limitBytes: number): WipedBody {
  // Never from the pool that small Buffers share.
  let held = Buffer.allocUnsafeSlow(64 * 1024);
  let length = 0;
  return {
    add(bytes) {
      const needed = length + bytes.length;
      if (needed > limitBytes) throw new RangeError(`more than ${limitBytes} bytes`);
      if (needed > held.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * held.length));
        held.copy(larger, 0, 0, length);
        held.fill(0);
        held = larger;
      }
      held.set(bytes, length);
      length = needed;
    },
    get bytes() {
      return held.subarray(0, length);
    },
    [Symbol.dispose]() {
      held.fill(0);
      length = 0;
    },
  };
}
