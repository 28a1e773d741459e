import { crc16 } from '../../parts/ci130x/index.ts';

const START = Buffer.of(0x5a, 0xa5);
const START_BYTES = 2;
const CRC_BYTES = 2;
const HEAD_BYTES = START_BYTES + 2;
const LONGEST_PAYLOAD_BYTES = 256;

/** A frame: `5A A5`, length of the payload (two bytes, high first), payload, CRC-16/XMODEM over length and payload, high first. */
export function frameOf(payload: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + payload.length + CRC_BYTES);
  bytes.set(START, 0);
  bytes.writeUInt16BE(payload.length, START_BYTES);
  bytes.set(payload, HEAD_BYTES);
  bytes.writeUInt16BE(
    crc16(bytes.subarray(START_BYTES, HEAD_BYTES + payload.length)),
    HEAD_BYTES + payload.length,
  );
  return bytes;
}

/**
 * Finds frames in a stream of bytes. Bytes that begin no valid frame are skipped. A frame whose end never came is skipped when
 * a complete one follows.
 */
export class FrameReader {
  #bytes = Buffer.alloc(0);

  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }

  /** Takes bytes and gives the payloads of the complete frames. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    let rest = Buffer.concat([this.#bytes, bytes]);
    const payloads: Uint8Array[] = [];
    for (let at = 0; at < rest.length; at++) {
      const found = payloadAt(rest.subarray(at));
      if (!(found instanceof Uint8Array)) continue;
      payloads.push(found);
      rest = rest.subarray(at + HEAD_BYTES + found.length + CRC_BYTES);
      at = -1;
    }
    while (rest.length > 0 && payloadAt(rest) === null) rest = rest.subarray(1);
    this.#bytes = Buffer.from(rest);
    return payloads;
  }
}

/** The payload of the frame at the start of `bytes`; `null` when there is none. */
function payloadAt(bytes: Buffer): Uint8Array | 'more' | null {
  const start = bytes.subarray(0, START_BYTES);
  if (!START.subarray(0, start.length).equals(start)) return null;
  if (bytes.length < HEAD_BYTES) return 'more';
  const length = bytes.readUInt16BE(START_BYTES);
  if (length === 0 || length > LONGEST_PAYLOAD_BYTES) return null;
  const end = HEAD_BYTES + length;
  if (bytes.length < end + CRC_BYTES) return 'more';
  return crc16(bytes.subarray(START_BYTES, end)) === bytes.readUInt16BE(end)
    ? Uint8Array.from(bytes.subarray(HEAD_BYTES, end))
    : null;
}
