import { crc16 } from '../ci130x/index.ts';

/** Beside its data a frame has a head, command, length, CRC and a tail. */
export const FRAME_OVERHEAD_BYTES = 8;

/**
 * A frame of the sample product's user UART: `AA 55`, command, length, data, CRC-16/XMODEM over command to data (low byte
 * first), `55 AA`.
 */
export function userFrame(command: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.of(command, data.length), data]);
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(body));
  return Buffer.concat([Buffer.of(0xaa, 0x55), body, crc, Buffer.of(0x55, 0xaa)]);
}
