import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type PartitionTable, readPartitionTable } from '#shared/codec/nvs/index.ts';

const md5 = (bytes: Uint8Array): Uint8Array => createHash('md5').update(bytes).digest();
const read = (bytes: Uint8Array): PartitionTable => readPartitionTable(bytes, md5);

function row(type: number, subtype: number, offset: number, size: number, label: string, flags = 0): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.set([0xaa, 0x50, type, subtype]);
  bytes.writeUInt32LE(offset, 4);
  bytes.writeUInt32LE(size, 8);
  bytes.write(label, 12, 'latin1');
  bytes.writeUInt32LE(flags, 28);
  return bytes;
}

/** The table of the guide: "Factory app, two OTA definitions" in short, with the row of its MD5. */
const ROWS = Buffer.concat([
  row(1, 2, 0x9000, 0x6000, 'nvs'),
  row(1, 1, 0xf000, 0x1000, 'phy_init'),
  row(0, 0, 0x10000, 0x100000, 'factory'),
  row(1, 4, 0x110000, 0x1000, 'nvs_key', 1),
]);
const MD5_ROW = Buffer.concat([Buffer.from(`ebeb${'ff'.repeat(14)}`, 'hex'), md5(ROWS)]);
const TABLE = Buffer.concat([ROWS, MD5_ROW, Buffer.alloc(0xc00 - ROWS.length - 32, 0xff)]);

test('the rows of a table', () => {
  expect(read(TABLE)).toEqual({
    kind: 'table',
    partitions: [
      { label: 'nvs', kind: 'nvs', offset: 0x9000, sizeBytes: 0x6000, isEncrypted: false },
      { label: 'phy_init', kind: 'other', offset: 0xf000, sizeBytes: 0x1000, isEncrypted: false },
      { label: 'factory', kind: 'application', offset: 0x10000, sizeBytes: 0x100000, isEncrypted: false },
      { label: 'nvs_key', kind: 'nvs-keys', offset: 0x110000, sizeBytes: 0x1000, isEncrypted: true },
    ],
  });
});

test('a table without MD5 is one, a wrong MD5 is not', () => {
  expect(read(Buffer.concat([ROWS, Buffer.alloc(64, 0xff)]))).toMatchObject({ kind: 'table' });
  const changed = Buffer.from(TABLE);
  changed[9] = 1;
  expect(read(changed)).toEqual({ kind: 'damaged' });
});

test('an erased flash and other bytes are no table', () => {
  expect(read(new Uint8Array(0xc00).fill(0xff))).toEqual({ kind: 'none', isErased: true });
  expect(read(new Uint8Array(0xc00).fill(0x5a))).toEqual({ kind: 'none', isErased: false });
  expect(read(new Uint8Array())).toEqual({ kind: 'none', isErased: true });
});

test('a row of another kind between the rows is a damaged table', () => {
  expect(read(Buffer.concat([ROWS.subarray(0, 64), Buffer.alloc(32), ROWS.subarray(64)]))).toEqual({
    kind: 'damaged',
  });
});
