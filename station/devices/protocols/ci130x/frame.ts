import { crc } from '#shared/codec/crc.ts';

/** Types and commands of frames. Source: public hosts of the vendor's updater (docs/devices/boot-loaders.md). */
export const TYPE = {
  command: 0xa0,
  request: 0xa1,
  acknowledge: 0xa2,
  notify: 0xa3,
  resetting: 0xb0,
} as const;
export const COMMAND = {
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

/** Sent to the running firmware: it resets the chip. */
export const RESET = Uint8Array.from(Buffer.from('a5a55a5a000001050000000078563412', 'hex'));

export const LONGEST_DATA_BYTES = 4100;
const OVERHEAD_BYTES = 10;
export const LONGEST_FRAME_BYTES = LONGEST_DATA_BYTES + OVERHEAD_BYTES;
const START = [0xa5, 0x0f] as const;
const END = 0xff;

export interface Frame {
  readonly type: number;
  readonly command: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** `A5 0F`, length of the data, type, command, sequence, data, CRC-16/XMODEM over type to data, `FF`; little-endian. */
export function encodeFrame({ type, command, sequence, data }: Frame): Uint8Array {
  const frame = new Uint8Array(data.length + OVERHEAD_BYTES);
  const view = new DataView(frame.buffer);
  frame.set(START);
  view.setUint16(2, data.length, true);
  frame.set([type, command, sequence], 4);
  frame.set(data, 7);
  view.setUint16(7 + data.length, crc('crc16-xmodem', frame.subarray(4, 7 + data.length)), true);
  frame[9 + data.length] = END;
  return frame;
}

/**
 * The first whole frame in a stream, and the number of bytes up to its end. A null frame: so many bytes are no frame, or
 * damaged; with 0 bytes, more have to come.
 */
export function decodeFrame(bytes: Uint8Array): { readonly frame: Frame | null; readonly length: number } {
  const start = bytes.indexOf(START[0]);
  if (start !== 0) return { frame: null, length: start < 0 ? bytes.length : start };
  if (bytes.length < 2) return { frame: null, length: 0 };
  if (bytes[1] !== START[1]) return { frame: null, length: 1 };
  if (bytes.length < 4) return { frame: null, length: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataBytes = view.getUint16(2, true);
  const length = dataBytes + OVERHEAD_BYTES;
  if (dataBytes > LONGEST_DATA_BYTES) return { frame: null, length: 1 };
  if (bytes.length < length) return { frame: null, length: 0 };
  const end = 7 + dataBytes;
  const isWhole =
    bytes[length - 1] === END && crc('crc16-xmodem', bytes.subarray(4, end)) === view.getUint16(end, true);
  if (!isWhole) return { frame: null, length: 1 };
  const [type = 0, command = 0, sequence = 0] = bytes.subarray(4, 7);
  return { frame: { type, command, sequence, data: Uint8Array.from(bytes.subarray(7, end)) }, length };
}
