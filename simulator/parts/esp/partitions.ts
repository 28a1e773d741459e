import type { NorFlash } from '../../flash/index.ts';

const TABLE_OFFSET = 0x8000;
const TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const LABEL_OFFSET = 12;
const LABEL_BYTES = 16;

export interface Partition {
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly bytes: number;
  readonly label: string;
}

const APPLICATION = 0x00;
const DATA = 0x01;
const FACTORY = 0x00;
const NVS = 0x02;

/** The partition table in the flash, up to the first row that is no partition. Source: ESP-IDF's documentation. */
export function readPartitions(flash: NorFlash): readonly Partition[] {
  const table = flash.read(TABLE_OFFSET, TABLE_BYTES);
  const partitions: Partition[] = [];
  for (let at = 0; at < TABLE_BYTES && table.readUInt16LE(at) === ENTRY_MAGIC; at += ENTRY_BYTES) {
    const label = table.subarray(at + LABEL_OFFSET, at + LABEL_OFFSET + LABEL_BYTES);
    const end = label.indexOf(0);
    partitions.push({
      type: table.readUInt8(at + 2),
      subtype: table.readUInt8(at + 3),
      offset: table.readUInt32LE(at + 4),
      bytes: table.readUInt32LE(at + 8),
      label: label.subarray(0, end === -1 ? LABEL_BYTES : end).toString('utf8'),
    });
  }
  return partitions;
}

/** Where the application is: the factory partition, else the first of its kind. */
export function applicationPartition(partitions: readonly Partition[]): Partition | null {
  const applications = partitions.filter(({ type }) => type === APPLICATION);
  return applications.find(({ subtype }) => subtype === FACTORY) ?? applications[0] ?? null;
}

export function nvsPartitions(partitions: readonly Partition[]): readonly Partition[] {
  return partitions.filter(({ type, subtype }) => type === DATA && subtype === NVS);
}
