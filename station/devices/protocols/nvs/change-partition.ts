import { createHash } from 'node:crypto';
import { type NvsChange, planNvsUpdate } from '#shared/codec/nvs/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { FlashMemory } from '../flashing/index.ts';
import type { UnitPartition } from './find-partition.ts';

const SECTOR_BYTES = 4096;

/**
 * Changes keys of a namespace and keeps all other values. Afterwards the flash holds exactly the planned partition. A fault
 * leaves the partition in between; reading it shows what it holds.
 * Faults: `bad-input` when the values do not fit (nothing was written then), `flash-mismatch`, those of `FlashMemory`.
 */
export async function changePartition(
  memory: FlashMemory,
  { partition, reading }: UnitPartition,
  namespace: string,
  changes: readonly NvsChange[],
  signal: AbortSignal,
): Promise<void> {
  const { writes, image } = planNvsUpdate(reading, partition.sizeBytes, namespace, changes);
  for (const { offset, page } of writes) {
    const at = partition.offset + offset;
    if (page === null) await memory.erase(at, SECTOR_BYTES, signal);
    else await memory.write({ name: partition.label, offset: at, bytes: page }, () => undefined, signal);
  }
  const expected = createHash('md5').update(image).digest('hex');
  const found = await memory.md5(partition.offset, partition.sizeBytes, signal);
  if (found.toLowerCase() !== expected)
    throw new Fault('flash-mismatch', `the partition "${partition.label}" does not hold what was written`, {
      hint: 'Try once more; when it stays so, the flash of the unit is faulty.',
    });
}
