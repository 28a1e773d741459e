/**
 * Finds MQTT packets that are longer than allowed, before they are buffered: the parser would buffer up to 256 MB before the
 * login. Source: MQTT 3.1.1, 2.2.3 (remaining length).
 */
export interface PacketSizeGuard {
  /** Checks the next bytes of the stream. False when a packet is too long or its length is malformed. */
  accept(chunk: Uint8Array): boolean;
}

export function createPacketSizeGuard(maxPacketBytes: number): PacketSizeGuard {
  let skip = 0;
  let lengthBytes = -1;
  let length = 0;
  return {
    accept(chunk) {
      let offset = 0;
      while (offset < chunk.length) {
        if (skip > 0) {
          const step = Math.min(skip, chunk.length - offset);
          skip -= step;
          offset += step;
          continue;
        }
        const byte = chunk[offset] ?? 0;
        offset += 1;
        if (lengthBytes < 0) {
          // Type and flags; the length follows.
          lengthBytes = 0;
          length = 0;
          continue;
        }
        length += (byte & 0x7f) * 128 ** lengthBytes;
        lengthBytes += 1;
        if (length > maxPacketBytes || ((byte & 0x80) !== 0 && lengthBytes === 4)) return false;
        if ((byte & 0x80) === 0) {
          skip = length;
          lengthBytes = -1;
        }
      }
      return true;
    },
  };
}
