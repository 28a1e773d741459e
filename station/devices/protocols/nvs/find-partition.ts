import { createHash } from 'node:crypto';
import {
  type NvsReading,
  type Partition,
  PARTITION_TABLE_BYTES,
  readNvs,
  readPartitionTable,
} from '#shared/codec/nvs/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { FlashMemory } from '../flashing/index.ts';

/** An NVS partition of a unit, as it is in the flash. */
export interface UnitPartition {
  readonly partition: Partition;
  readonly reading: Extract<NvsReading, { kind: 'content' }>;
}

const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest();

/**
 * The partitions of a unit; `null` when its flash is erased at the table. Faults: `flash-unreadable` for a table that is none,
 * those of `FlashMemory`.
 */
export async function readTable(
  memory: FlashMemory,
  tableOffset: number,
  signal: AbortSignal,
): Promise<readonly Partition[] | null> {
  const table = readPartitionTable(await memory.read(tableOffset, PARTITION_TABLE_BYTES, signal), md5);
  const at = `0x${tableOffset.toString(16)}`;
  switch (table.kind) {
    case 'table':
      return table.partitions;
    case 'none':
      if (table.isErased) return null;
      throw unreadable('no-table', `there is no partition table at ${at} in its flash`, {
        hint: 'Flash the firmware first; a flash that is encrypted cannot be read.',
      });
    case 'damaged':
      throw unreadable('table-damaged', `the partition table at ${at} in its flash is damaged`, {
        hint: 'Flash the firmware with its partition table again.',
      });
  }
}

/**
 * The content of an NVS partition. Faults: `flash-unreadable` for one that is encrypted, larger than the flash, or of a newer
 * format; those of `FlashMemory`.
 */
export async function readPartition(
  memory: FlashMemory,
  partition: Partition,
  signal: AbortSignal,
): Promise<UnitPartition> {
  const { label, offset, sizeBytes, isEncrypted } = partition;
  if (isEncrypted) throw encrypted(label);
  if (sizeBytes > MAX_NVS_BYTES || offset + sizeBytes > memory.flashBytes || offset % SECTOR_BYTES !== 0)
    throw unreadable(
      'partition-size',
      `its partition "${label}" does not fit: ${sizeBytes} bytes at ${offset}`,
      {
        hint: 'Flash the firmware with its partition table again.',
      },
    );
  const reading = readNvs(await memory.read(offset, sizeBytes, signal));
  switch (reading.kind) {
    case 'content':
      return { partition, reading };
    case 'encrypted':
      throw encrypted(label);
    case 'newer-format':
      throw unreadable('newer-format', `its partition "${label}" has a newer NVS format`, {
        hint: 'This version reads the formats 1 and 2.',
      });
  }
}

const SECTOR_BYTES = 4096;
/** Reading a partition of 1 MiB takes half a minute; NVS partitions have some ten KiB. */
const MAX_NVS_BYTES = 1024 * 1024;

function encrypted(label: string): Fault {
  return unreadable('encrypted', `its partition "${label}" is encrypted`, {
    hint: 'Gongwei neither reads nor writes encrypted NVS.',
  });
}

/** `because` names the reason for texts on screen. */
export function unreadable(because: string, problem: string, { hint }: { readonly hint: string }): Fault {
  return new Fault('flash-unreadable', `the flash of the unit cannot be used: ${problem}`, {
    hint,
    details: { because },
  });
}
