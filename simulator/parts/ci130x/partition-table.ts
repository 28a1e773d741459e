/** The product data in a chip's partition table. */
export interface ChipModel {
  readonly mac: string;
  readonly hardware: string;
  readonly software: string;
}

const NAME_BYTES = 64;
const RESERVED_BYTES = 14;
const VALID = 0xf0;
const PARTITIONS = [
  { address: 0x0000a000, size: 0x00012000 },
  { address: 0x0001c000, size: 0x00012000 },
  { address: 0x0002e000, size: 0x00009000 },
  { address: 0x00037000, size: 0x00060000 },
  { address: 0x00097000, size: 0x00040000 },
  { address: 0x000d7000, size: 0x00001000 },
];
const NV_DATA = { address: 0x000d8000, size: 0x00008000 };

/**
 * The table at 0x6000 and 0x8000 of the chip's flash, packed, little-endian: manufacturer, product id (the MAC), names and
 * versions of hardware and software, then code 1, code 2, ASR, DNN, voice and user file (version, address, size, CRC,
 * status), where parameters are kept, and a checksum. Source: `flash_update.h` of the CI130x SDK. The checksum's rule is
 * not public; here it is the sum of all bytes before it.
 */
export function partitionTable({ mac, hardware, software }: ChipModel): Buffer {
  const productId = Buffer.alloc(8);
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(productId);
  const body = Buffer.concat([
    word(0x00000001),
    productId,
    named(hardware),
    word(0x00010000),
    named(software),
    word(0x00010003),
    word(0x00020102),
    Buffer.alloc(RESERVED_BYTES),
    ...PARTITIONS.flatMap(({ address, size }) => [
      word(1),
      word(address),
      word(size),
      word(0),
      Buffer.of(VALID),
    ]),
    word(NV_DATA.address),
    word(NV_DATA.size),
  ]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(body.reduce((sum, byte) => (sum + byte) & 0xffff, 0));
  return Buffer.concat([body, checksum]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function named(text: string): Buffer {
  const bytes = Buffer.alloc(NAME_BYTES);
  bytes.write(text, 'latin1');
  return bytes;
}
