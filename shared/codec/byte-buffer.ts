/** A bounded queue of bytes; when it is full, the oldest bytes are dropped. */
export interface ByteBuffer {
  push(bytes: Uint8Array): void;
  /** Number of bytes. */
  readonly length: number;
  /** Removes and returns all bytes in order. */
  take(): Uint8Array[];
  /** Removes and returns the first bytes, at most `maxBytes`. */
  takeFirst(maxBytes: number): Uint8Array;
}

export function createByteBuffer(maxBytes: number): ByteBuffer {
  let chunks: Uint8Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(bytes) {
      chunks.push(bytes);
      length += bytes.length;
      while (length > maxBytes) {
        const [first] = chunks;
        if (first === undefined) return;
        const excess = length - maxBytes;
        if (first.length > excess) chunks[0] = first.subarray(excess);
        else chunks.shift();
        length -= Math.min(excess, first.length);
      }
    },
    take() {
      const all = chunks;
      chunks = [];
      length = 0;
      return all;
    },
    takeFirst(maxBytes) {
      const [first] = chunks;
      if (first === undefined) return new Uint8Array();
      const taken = first.subarray(0, maxBytes);
      if (taken.length < first.length) chunks[0] = first.subarray(taken.length);
      else chunks.shift();
      length -= taken.length;
      return taken;
    },
  };
}
