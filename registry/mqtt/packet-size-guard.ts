/**
 * Watches the bytes a device sends and says when one MQTT packet is longer than allowed, before anybody buffers it:
 * the broker's parser would collect up to 256 MB, and before the login. Source: MQTT 3.1.1, 2.2.3 (remaining length).
 */
export interface PacketSizeGuard {
  /** Takes the next bytes of the stream. False once a packet is too long or its length is malformed. */
  accept(chunk: Uint8Array): boolean;
}

export function createPacketSizeGuard(maxPacketBytes: number): PacketSizeGuard {
  let skip = 0;
  let lengthBytes = -1;
  let length = 0;
  return {
    accept(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (skip > 0) {
          const step = Math.min(skip, chunk.length - at);
          skip -= step;
          at += step;
          continue;
        }
        const byte = chunk[at] ?? 0;
        at += 1;
        if (lengthBytes < 0) {
          // The packet's type and flags; its length follows.
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
