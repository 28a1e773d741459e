/** A growing buffer that wipes its memory when it grows and when it is disposed of. */
export interface WipedBody extends Disposable {
  /** Throws `RangeError` beyond the limit. */
  add(bytes: Uint8Array): void;
  /** The collected bytes; valid until the next `add`. */
  readonly bytes: Uint8Array;
}

export function createWipedBody(limitBytes: number): WipedBody {
  // Not from the pool that small Buffers share.
  let buffer = Buffer.allocUnsafeSlow(64 * 1024);
  let length = 0;
  return {
    add(bytes) {
      const needed = length + bytes.length;
      if (needed > limitBytes) throw new RangeError(`more than ${limitBytes} bytes`);
      if (needed > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * buffer.length));
        buffer.copy(larger, 0, 0, length);
        buffer.fill(0);
        buffer = larger;
      }
      buffer.set(bytes, length);
      length = needed;
    },
    get bytes() {
      return buffer.subarray(0, length);
    },
    [Symbol.dispose]() {
      buffer.fill(0);
      length = 0;
    },
  };
}
