import { crc16 } from './crc16.ts';

const OVERHEAD_BYTES = 10;
/** An offset and a block. */
const LONGEST_DATA_BYTES = 4_100;

/** Frame types and commands. Source: the vendor's OTA host and its chip side, public code. */
export const BOOT = {
  command: 0xa0,
  request: 0xa1,
  acknowledge: 0xa2,
  resetAcknowledge: 0xb0,
  handshake: 0x03,
  info: 0x04,
  ready: 0x05,
  verifyInfo: 0x06,
  erase: 0x07,
  write: 0x08,
  blockDone: 0x09,
  verify: 0x0a,
  baudRate: 0x0b,
  format: 0x12,
  reset: 0xa1,
} as const;

export interface BootFrame {
  readonly type: number;
  readonly command: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/**
 * A frame of the CI130x bootloader: `A5 0F`, length of the data, type, command, sequence, data, CRC-16/XMODEM over type to
 * data, `FF`; numbers little-endian. Source: the vendor's OTA host, public code.
 */
export function bootFrame(
  type: number,
  command: number,
  data: Uint8Array = Buffer.alloc(0),
  sequence = 0,
): Buffer {
  const head = Buffer.of(0xa5, 0x0f, 0, 0);
  head.writeUInt16LE(data.length, 2);
  const body = Buffer.concat([Buffer.of(type, command, sequence), data]);
  const tail = Buffer.of(0, 0, 0xff);
  tail.writeUInt16LE(crc16(body), 0);
  return Buffer.concat([head, body, tail]);
}

/** The frame at the start of a stream and its length; without a frame, the bytes that are none, or 0 for "wait". */
export function frameAt(bytes: Buffer): { readonly frame: BootFrame | null; readonly length: number } {
  const nothing = (length: number): { frame: null; length: number } => ({ frame: null, length });
  if (bytes.length === 0) return nothing(0);
  if (bytes[0] !== 0xa5) {
    const start = bytes.indexOf(0xa5);
    return nothing(start < 0 ? bytes.length : start);
  }
  if (bytes.length > 1 && bytes[1] !== 0x0f) return nothing(1);
  if (bytes.length < 4) return nothing(0);
  const dataBytes = bytes.readUInt16LE(2);
  if (dataBytes > LONGEST_DATA_BYTES) return nothing(1);
  const length = dataBytes + OVERHEAD_BYTES;
  if (bytes.length < length) return nothing(0);
  const end = 7 + dataBytes;
  const isWhole = crc16(bytes.subarray(4, end)) === bytes.readUInt16LE(end) && bytes[end + 2] === 0xff;
  if (!isWhole) return nothing(1);
  const [type, command, sequence] = [4, 5, 6].map((at) => bytes.readUInt8(at)) as [number, number, number];
  return { frame: { type, command, sequence, data: bytes.subarray(7, end) }, length };
}
