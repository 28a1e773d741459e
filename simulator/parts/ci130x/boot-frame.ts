import { crc16 } from './crc16.ts';

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
