import {
  buildNvsPartition,
  nvsString,
  planNvsUpdate,
  readNvs,
  readPartitionTable,
} from '#shared/codec/nvs/index.ts';
import { entryOffset, ENTRIES_PER_PAGE, PAGE_BYTES, viewOf } from '#shared/codec/nvs/layout.ts';
import { entryCrc, headerCrc } from '#shared/codec/nvs/nvs-crc.ts';

/** Partitions with values of all kinds on one and on three pages, and a partition table. */
export const NVS_SEEDS: readonly Uint8Array[] = [
  seed(40),
  seed(6000),
  Uint8Array.of(0xaa, 0x50, 1, 2, ...Buffer.alloc(28)),
];

function seed(blobBytes: number): Uint8Array {
  return buildNvsPartition(
    {
      format: 2,
      namespaces: [
        { name: 'app', index: 1 },
        { name: 'other', index: 2 },
      ],
      items: [
        { namespace: 1, key: 'name', value: nvsString('dev1') },
        { namespace: 1, key: 'n', value: { type: 'u64', value: 7n } },
        {
          namespace: 2,
          key: 'blob',
          value: { type: 'blob', bytes: new Uint8Array(blobBytes), firstPiece: 128 },
        },
        { namespace: 2, key: 'old', value: { type: 'legacy-blob', bytes: new Uint8Array(33) } },
      ],
    },
    4 * PAGE_BYTES,
  );
}

/** Reads the bytes as a partition, as they are and with valid CRCs, and plans a change of it. */
export function readAsNvs(bytes: Uint8Array): void {
  readPartitionTable(bytes, () => new Uint8Array(16));
  const pages = Math.max(2, Math.ceil(bytes.length / PAGE_BYTES));
  const partition = new Uint8Array(pages * PAGE_BYTES).fill(0xff);
  partition.set(bytes);
  readAndChange(partition);
  for (let at = 0; at < partition.length; at += PAGE_BYTES) repair(partition.subarray(at, at + PAGE_BYTES));
  readAndChange(partition);
}

function readAndChange(partition: Uint8Array): void {
  const reading = readNvs(partition);
  if (reading.kind !== 'content') return;
  const { image } = planNvsUpdate(reading, partition.length, 'app', [
    { key: 'name', value: nvsString('dev2') },
  ]);
  const after = readNvs(image);
  if (after.kind !== 'content' || after.damagedEntries > 0)
    throw new Error('a written partition is not readable');
}

/** Gives all entries and the header valid CRCs, so that changed bytes reach the code behind them. */
function repair(page: Uint8Array): void {
  viewOf(page).setUint32(28, headerCrc(page), true);
  for (let index = 0; index < ENTRIES_PER_PAGE; index++) {
    const entry = page.subarray(entryOffset(index), entryOffset(index + 1));
    viewOf(entry).setUint32(4, entryCrc(entry), true);
  }
}
