/** Names of the partitions, in the order of the table. */
export const PARTITION_NAMES = ['code 1', 'code 2', 'ASR', 'DNN', 'voice', 'user file'] as const;

export interface Partition {
  readonly name: (typeof PARTITION_NAMES)[number];
  readonly version: number;
  readonly address: number;
  readonly size: number;
  readonly crc: number;
  readonly status: number;
}

export interface PartitionTable {
  readonly software: string;
  readonly formatVersion: number;
  readonly partitions: readonly Partition[];
  /** The table as it is in the flash, 278 bytes. */
  readonly bytes: Uint8Array;
}

export const TABLE_BYTES = 278;
const BLOCK_BYTES = 4096;
/** The flash has two copies. */
export const TABLE_ADDRESSES = [0x6000, 0x8000] as const;
/** A code partition that is to be written, and the same and any other when it is valid. */
export const STATUS = { codeInvalid: 0xfc, codeValid: 0xf0, dataInvalid: 0xff } as const;

const SOFTWARE_AT = 80;
const NAME_BYTES = 64;
const FORMAT_AT = 161;
const PARTITIONS_AT = 166;
const PARTITION_BYTES = 17;
const CHECKSUM_AT = TABLE_BYTES - 2;

/** Reads a table; null when its checksum is wrong, as of a table that is erased or was interrupted. */
export function parseTable(bytes: Uint8Array): PartitionTable | null {
  if (bytes.length < TABLE_BYTES) return null;
  const table = Uint8Array.from(bytes.subarray(0, TABLE_BYTES));
  const view = new DataView(table.buffer);
  if (view.getUint16(CHECKSUM_AT, true) !== checksum(table)) return null;
  const name = table.subarray(SOFTWARE_AT, SOFTWARE_AT + NAME_BYTES);
  const end = name.indexOf(0);
  return {
    software: Buffer.from(end < 0 ? name : name.subarray(0, end)).toString('latin1'),
    formatVersion: table[FORMAT_AT] ?? 0,
    partitions: PARTITION_NAMES.map((title, index) => {
      const at = PARTITIONS_AT + index * PARTITION_BYTES;
      const [version, address, size, crc] = [0, 4, 8, 12].map((from) => view.getUint32(at + from, true));
      return {
        name: title,
        version: version ?? 0,
        address: address ?? 0,
        size: size ?? 0,
        crc: crc ?? 0,
        status: table[at + 16] ?? 0,
      };
    }),
    bytes: table,
  };
}

/**
 * Why the partitions of a table cannot be written, for a message; `null` when they can. Flash is erased in blocks, so that a partition
 * that shares a block with another one, or with a table, would be lost after it was proven. The boot loader is before the tables.
 */
export function layoutProblem({ partitions }: PartitionTable): string | null {
  const blocks = new Map<number, string>(TABLE_ADDRESSES.map((address) => [blockOf(address), 'a table']));
  for (const { name, address, size } of partitions) {
    if (size === 0) continue;
    if (address < TABLE_ADDRESSES[0]) return `its partition "${name}" is in the place of the boot loader`;
    for (let block = blockOf(address); block <= blockOf(address + size - 1); block++) {
      const other = blocks.get(block);
      if (other !== undefined) return `its partition "${name}" shares a block of the flash with ${other}`;
      blocks.set(block, `"${name}"`);
    }
  }
  return null;
}

function blockOf(address: number): number {
  return Math.floor(address / BLOCK_BYTES);
}

/** A copy of a table with other marks of its partitions. The checksum does not include them. */
export function markTable({ bytes }: PartitionTable, statuses: readonly (number | null)[]): Uint8Array {
  const marked = Uint8Array.from(bytes);
  for (const [index, status] of statuses.entries())
    if (status !== null) marked[PARTITIONS_AT + index * PARTITION_BYTES + 16] = status;
  return marked;
}

/** The sum of all bytes before it, with the marks that a whole firmware has in place of the present ones. */
function checksum(table: Uint8Array): number {
  const whole = Uint8Array.from(table.subarray(0, CHECKSUM_AT));
  const marks = [STATUS.codeValid, table[FORMAT_AT] === 1 ? STATUS.codeValid : 0xff, 0, 0, 0, 0];
  for (const [index, mark] of marks.entries()) whole[PARTITIONS_AT + index * PARTITION_BYTES + 16] = mark;
  return whole.reduce((sum, byte) => (sum + byte) & 0xffff, 0);
}
