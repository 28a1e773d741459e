import { viewOf } from './layout.ts';

/** Usual offset of the partition table in the flash; a project may move it. */
export const PARTITION_TABLE_OFFSET = 0x8000;
/** At most 95 rows of 32 bytes; the last row is erased or has the MD5 of the rows before it. */
export const PARTITION_TABLE_BYTES = 0xc00;
const ROW_BYTES = 32;
const DATA_TYPE = 1;
const NVS_SUBTYPE = 2;
const NVS_KEYS_SUBTYPE = 4;
/** Bit 0 of the flags: the chip encrypts this partition. */
const ENCRYPTED_FLAG = 1;

export interface Partition {
  readonly label: string;
  readonly kind: 'nvs' | 'nvs-keys' | 'application' | 'other';
  /** In the flash, bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly isEncrypted: boolean;
}

export type PartitionTable =
  | { readonly kind: 'table'; readonly partitions: readonly Partition[] }
  /** No row begins with AA 50: nothing was flashed, the table is elsewhere, or the flash is encrypted. */
  | { readonly kind: 'none'; readonly isErased: boolean }
  /** The MD5 of the rows is wrong, or there is a row of another kind. */
  | { readonly kind: 'damaged' };

/**
 * Reads a partition table. `md5` is the digest of bytes, 16 bytes.
 * Source: ESP-IDF programming guide, "Partition Tables"; `gen_esp32part.py`.
 */
export function readPartitionTable(
  bytes: Uint8Array,
  md5: (bytes: Uint8Array) => Uint8Array,
): PartitionTable {
  const partitions: Partition[] = [];
  const end = Math.min(bytes.length, PARTITION_TABLE_BYTES);
  for (let at = 0; at + ROW_BYTES <= end; at += ROW_BYTES) {
    const row = bytes.subarray(at, at + ROW_BYTES);
    if (row.every((byte) => byte === 0xff)) break;
    if (row[0] === 0xeb && row[1] === 0xeb) {
      const digest = md5(bytes.subarray(0, at));
      if (!digest.every((byte, index) => row[16 + index] === byte)) return { kind: 'damaged' };
      break;
    }
    if (row[0] !== 0xaa || row[1] !== 0x50)
      return at === 0 ? { kind: 'none', isErased: false } : { kind: 'damaged' };
    partitions.push(partitionOf(row));
  }
  return partitions.length === 0 ? { kind: 'none', isErased: true } : { kind: 'table', partitions };
}

function partitionOf(row: Uint8Array): Partition {
  const view = viewOf(row);
  const label = row.subarray(12, 28);
  const end = label.indexOf(0);
  return {
    label: String.fromCharCode(...(end < 0 ? label : label.subarray(0, end))),
    kind: kindOf(row[2] ?? 0, row[3] ?? 0),
    offset: view.getUint32(4, true),
    sizeBytes: view.getUint32(8, true),
    isEncrypted: (view.getUint32(28, true) & ENCRYPTED_FLAG) !== 0,
  };
}

function kindOf(type: number, subtype: number): Partition['kind'] {
  if (type === 0) return 'application';
  if (type !== DATA_TYPE) return 'other';
  return subtype === NVS_SUBTYPE ? 'nvs' : subtype === NVS_KEYS_SUBTYPE ? 'nvs-keys' : 'other';
}
