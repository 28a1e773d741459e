import type { NorFlash } from '../../flash/index.ts';

/** The product data in a chip's partition table. */
export interface ChipModel {
  readonly mac: string;
  readonly hardware: string;
  readonly software: string;
}

export interface TablePartition {
  readonly address: number;
  readonly size: number;
  readonly crc: number;
}

export const TABLE_ADDRESSES = [0x6000, 0x8000] as const;
export const TABLE_BYTES = 278;
const NAME_BYTES = 64;
const SOFTWARE_AT = 80;
const CHIP_NAME_BYTES = 9;
const FORMAT_AT = 161;
const FORMAT_VERSION = 1;
const PARTITIONS_AT = 166;
const PARTITION_BYTES = 17;
const STATUS_AT = 16;
/** The marks of a code partition and of any other that is whole. */
const CODE_VALID = 0xf0;
const DATA_VALID = 0x00;
export const FACTORY_PARTITIONS: readonly TablePartition[] = [
  { address: 0x0000a000, size: 0x00012000, crc: 0 },
  { address: 0x0001c000, size: 0x00012000, crc: 0 },
  { address: 0x0002e000, size: 0x00009000, crc: 0 },
  { address: 0x00037000, size: 0x00060000, crc: 0 },
  { address: 0x00097000, size: 0x00040000, crc: 0 },
  { address: 0x000d7000, size: 0x00001000, crc: 0 },
];
const NV_DATA = { address: 0x000d8000, size: 0x00008000 };

/**
 * The table at 0x6000 and 0x8000 of the chip's flash, packed, little-endian: manufacturer, product id (the MAC), names and
 * versions of hardware and software, name of the chip, version of the format, then code 1, code 2, ASR, DNN, voice and user
 * file (version, address, size, CRC, status), where parameters are kept, and a checksum. Source: `flash_update.h` of the
 * CI130x SDK, and the vendor's OTA host for the checksum.
 */
export function partitionTable(
  { mac, hardware, software }: ChipModel,
  partitions: readonly TablePartition[] = FACTORY_PARTITIONS,
): Buffer {
  const productId = Buffer.alloc(8);
  Buffer.from(mac.replaceAll(':', ''), 'hex').copy(productId);
  const chip = Buffer.alloc(CHIP_NAME_BYTES);
  chip.write('CI1302', 'latin1');
  const body = Buffer.concat([
    word(0x00000001),
    productId,
    named(hardware),
    word(0x00010000),
    named(software),
    word(0x00010003),
    word(0x00020102),
    chip,
    Buffer.of(FORMAT_VERSION),
    Buffer.alloc(4),
    ...partitions.flatMap(({ address, size, crc }, index) => [
      word(1),
      word(address),
      word(size),
      word(crc),
      Buffer.of(validMark(index)),
    ]),
    word(NV_DATA.address),
    word(NV_DATA.size),
  ]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(sumOf(body));
  return Buffer.concat([body, checksum]);
}

/** The tables in the flash of a chip. */
export class FlashTables {
  readonly #memory: NorFlash;

  constructor(memory: NorFlash) {
    this.#memory = memory;
  }

  /** The first table with a right checksum; `null` when both are damaged. */
  whole(): Buffer | null {
    const read = TABLE_ADDRESSES.map((address) => this.#memory.read(address, TABLE_BYTES));
    return read.find((table) => table.readUInt16LE(TABLE_BYTES - 2) === sumOf(table)) ?? null;
  }

  get isErased(): boolean {
    return TABLE_ADDRESSES.every((at) => this.#memory.read(at, TABLE_BYTES).every((byte) => byte === 0xff));
  }

  /** The name of the software of a chip that can boot: one of the code partitions is whole. `null` of another one. */
  bootable(): { readonly software: string; readonly bytes: number } | null {
    const table = this.whole();
    if (table === null || ![0, 1].some((index) => table[statusAt(index)] === CODE_VALID)) return null;
    const name = table.subarray(SOFTWARE_AT, SOFTWARE_AT + NAME_BYTES);
    const end = name.indexOf(0);
    const ends = [0, 1, 2, 3, 4, 5].map((index) => addressOf(table, index) + sizeOf(table, index));
    return {
      software: name.subarray(0, end < 0 ? undefined : end).toString('latin1'),
      bytes: Math.max(...ends),
    };
  }

  /** Marks the partition at an address as whole, in both tables: the mark only loses bits, so that nothing is erased. */
  markWhole(address: number): void {
    for (const at of TABLE_ADDRESSES) {
      const table = this.#memory.read(at, TABLE_BYTES);
      for (const index of [0, 1, 2, 3, 4, 5])
        if (addressOf(table, index) === address)
          this.#memory.program(at + statusAt(index), Buffer.of(validMark(index)));
    }
  }
}

const statusAt = (index: number): number => PARTITIONS_AT + index * PARTITION_BYTES + STATUS_AT;
const addressOf = (table: Buffer, index: number): number =>
  table.readUInt32LE(PARTITIONS_AT + index * PARTITION_BYTES + 4);
const sizeOf = (table: Buffer, index: number): number =>
  table.readUInt32LE(PARTITIONS_AT + index * PARTITION_BYTES + 8);
const validMark = (index: number): number => (index < 2 ? CODE_VALID : DATA_VALID);

/** The sum of all bytes before the checksum, with the marks of whole partitions in place of the present ones. */
function sumOf(table: Uint8Array): number {
  const body = Buffer.from(table.subarray(0, TABLE_BYTES - 2));
  for (const index of [0, 1, 2, 3, 4, 5]) {
    const other = index === 1 && body[FORMAT_AT] !== FORMAT_VERSION ? 0xff : validMark(index);
    body[statusAt(index)] = other;
  }
  return body.reduce((sum, byte) => (sum + byte) & 0xffff, 0);
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
