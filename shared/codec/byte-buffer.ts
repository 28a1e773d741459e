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
  let kept: Uint8Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(bytes) {
      kept.push(bytes);
      length += bytes.length;
      while (length > maxBytes) {
        const [first] = kept;
        if (first === undefined) return;
        const over = length - maxBytes;
        if (first.length > over) kept[0] = first.subarray(over);
        else kept.shift();
        length -= Math.min(over, first.length);
      }
    },
    take() {
      const all = kept;
      kept = [];
      length = 0;
      return all;
    },
    takeFirst(most) {
      const [first] = kept;
      if (first === undefined) return new Uint8Array();
      const taken = first.subarray(0, most);
      if (taken.length < first.length) kept[0] = first.subarray(taken.length);
      else kept.shift();
      length -= taken.length;
      return taken;
    },
  };
}
