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
 * The partitions of a unit; `null` when its flash is erased at the table. Faults: `flash-unreadable` for a table that is none
 * or has a row of NVS that cannot be, those of `FlashMemory`.
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
      requireUsable(table.partitions, memory.flashBytes, tableOffset);
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
 * The content of an NVS partition. Faults: `flash-unreadable` for one that is encrypted or of a newer format; those of `FlashMemory`.
 */
export async function readPartition(
  memory: FlashMemory,
  partition: Partition,
  signal: AbortSignal,
): Promise<UnitPartition> {
  const { label, offset, sizeBytes, isEncrypted } = partition;
  if (isEncrypted) throw encrypted(label);
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

/**
 * Checks the rows of NVS before any of them is read: reading one of a wrong size takes long. Faults: `flash-unreadable` that names
 * the row.
 */
function requireUsable(partitions: readonly Partition[], flashBytes: number, tableOffset: number): void {
  const table = { label: 'the table', kind: 'other', offset: tableOffset, sizeBytes: SECTOR_BYTES } as const;
  for (const [index, one] of partitions.entries()) {
    const { kind, label, offset } = one;
    const before = [table, ...partitions.slice(0, index)].find(
      (other) => (kind === 'nvs' || other.kind === 'nvs') && overlaps(one, other),
    );
    const name = before === table ? table.label : `"${before?.label ?? ''}"`;
    const problem =
      (kind === 'nvs' ? problemOfSize(one, flashBytes) : null) ??
      (before === undefined ? null : `overlaps ${name} at ${hex(before.offset)}`);
    if (problem === null) continue;
    throw unreadable(
      'table-row',
      `row ${index + 1} of its partition table, "${label}" at ${hex(offset)}, ${problem}`,
      { hint: 'Flash the firmware with a correct partition table.' },
    );
  }
}

function problemOfSize({ offset, sizeBytes }: Place, flashBytes: number): string | null {
  if (offset % SECTOR_BYTES !== 0 || sizeBytes % SECTOR_BYTES !== 0)
    return `is not in whole sectors of ${SECTOR_BYTES} bytes`;
  if (sizeBytes < MIN_NVS_BYTES || sizeBytes > MAX_NVS_BYTES)
    return `has ${sizeBytes} bytes; NVS has ${MIN_NVS_BYTES} to ${MAX_NVS_BYTES}`;
  const end = offset + sizeBytes;
  return end > flashBytes ? `ends at ${hex(end)}, and the flash at ${hex(flashBytes)}` : null;
}

type Place = Pick<Partition, 'offset' | 'sizeBytes'>;

function overlaps(a: Place, b: Place): boolean {
  return a.offset < b.offset + b.sizeBytes && b.offset < a.offset + a.sizeBytes;
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}

const SECTOR_BYTES = 4096;
const MIN_NVS_BYTES = 2 * SECTOR_BYTES;
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
