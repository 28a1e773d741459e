import { crc16 } from '../ci130x/index.ts';

/** Bytes of head, length, CRC and tail of a frame. */
export const FRAME_OVERHEAD_BYTES = 7;

/**
 * A frame of the sample product's user UART: `AA 55`, length of the payload, payload (command and data), CRC-16/XMODEM over
 * the payload (low byte first), `55 AA`.
 */
export function userFrame(command: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const payload = Buffer.concat([Buffer.of(command), data]);
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(payload));
  return Buffer.concat([Buffer.of(0xaa, 0x55, payload.length), payload, crc, Buffer.of(0x55, 0xaa)]);
}
