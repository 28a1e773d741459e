import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  buildNvsPartition,
  findNvsValue,
  nvsString,
  nvsText,
  type NvsValue,
  readNvs,
} from '#shared/codec/nvs/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { anyContent, bytesOf, contentOf, entryAt, pageOf, sorted } from './nvs-samples.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Written by esp-idf-nvs-partition-gen 0.2.0 from the same values, format 2, 0x3000 bytes. */
const WIFI = contentOf(
  [
    { namespace: 1, key: 'ssid', value: nvsString('tencent') },
    { namespace: 1, key: 'pid', value: nvsString('CS0SLTKSYA') },
    { namespace: 1, key: 'n', value: { type: 'u8', value: 1n } },
    { namespace: 1, key: 'm', value: { type: 'i32', value: -5n } },
    { namespace: 1, key: 'big', value: { type: 'u64', value: 2n ** 64n - 1n } },
    {
      namespace: 1,
      key: 'blob',
      value: {
        type: 'blob',
        bytes: Buffer.from('00112233445566778899aabbccddeeff00112233', 'hex'),
        firstPiece: 0,
      },
    },
  ],
  [{ name: 'wifi', index: 1 }],
);

test('a partition is the one of the published generator', () => {
  const partition = buildNvsPartition(WIFI, 0x3000);
  expect(hex(partition.subarray(0, 32))).toBe(`feffffff00000000fe${'ff'.repeat(19)}842dbab9`);
  expect(hex(partition.subarray(64, 96))).toBe(
    '000101ff591131277769666900000000000000000000000001ffffffffffffff',
  );
  const entry = (index: number): string[] => {
    const bytes = partition.subarray(entryAt(index), entryAt(index + 1));
    return [hex(bytes.subarray(0, 8)), hex(bytes.subarray(24, 32))];
  };
  expect(entry(1)).toEqual(['012102ff21c76d6b', '0800ffff893de5e7']);
  expect(hex(partition.subarray(entryAt(2), entryAt(3)))).toBe(`74656e63656e7400${'ff'.repeat(24)}`);
  expect(entry(3)).toEqual(['012102ff01367ff8', '0b00ffff2e7ece7f']);
  expect(entry(5)).toEqual(['010101ffff7f037f', '01ffffffffffffff']);
  expect(entry(6)).toEqual(['011401ff04050f18', 'fbffffffffffffff']);
  expect(entry(7)).toEqual(['010801ffb3250a39', 'ff'.repeat(8)]);
  expect(entry(8)).toEqual(['014202003ccd7abd', '1400ffffff480749']);
  expect(entry(10)).toEqual(['014801ff8bc02584', '140000000100ffff']);
  // Eleven written entries, and nothing after them.
  expect(hex(partition.subarray(32, 36))).toBe('aaaaeaff');
  expect(partition.subarray(entryAt(11)).every((byte) => byte === 0xff)).toBe(true);
});

test('what is built is read', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const partition = buildNvsPartition(content, 0x4_0000);
      const reading = readNvs(partition);
      if (reading.kind !== 'content') throw new Error(reading.kind);
      expect(sorted(reading.content)).toEqual(sorted(content));
      expect({ ...reading, content: null }).toMatchObject({
        damagedPages: 0,
        damagedEntries: 0,
        unknownEntries: 0,
      });
      expect(reading.freePages).toEqual(reading.emptyPages);
    }),
    { numRuns: 60 },
  );
});

test('a blob goes over pages, and all full pages are marked as full', () => {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, index) => index & 0xff);
  const content = contentOf([{ namespace: 1, key: 'cert', value: { type: 'blob', bytes, firstPiece: 0 } }]);
  const partition = buildNvsPartition(content, 0x5000);
  expect([0, 1, 2, 3].map((page) => hex(pageOf(partition, page).subarray(0, 5)))).toEqual([
    'fcffffff00',
    'fcffffff01',
    'feffffff02',
    'ffffffffff',
  ]);
  const reading = readNvs(partition);
  expect(reading.kind === 'content' && findNvsValue(reading.content, 'app', 'cert')).toMatchObject({ bytes });
});

test.each<[string, string, NvsValue]>([
  ['a long key', 'k'.repeat(16), nvsString('x')],
  ['an empty key', '', nvsString('x')],
  ['a long string', 'k', nvsString('x'.repeat(4000))],
  ['a number outside of its type', 'k', { type: 'u8', value: 256n }],
  ['a blob that does not fit', 'k', { type: 'blob', bytes: new Uint8Array(8000), firstPiece: 0 }],
])('%s is refused', async (_what, key, value) => {
  const build = (): Uint8Array => buildNvsPartition(contentOf([{ namespace: 1, key, value }]), 0x3000);
  expect(await faultOf(build)).toMatchObject({ code: 'bad-input' });
});

test('the last page stays empty', async () => {
  const items = [1, 2, 3].map((n) => ({ namespace: 1, key: `k${n}`, value: nvsString('x'.repeat(3800)) }));
  expect(await faultOf(() => buildNvsPartition(contentOf(items), 0x3000))).toMatchObject({
    code: 'bad-input',
  });
  expect(readNvs(buildNvsPartition(contentOf(items), 0x4000))).toMatchObject({ freePages: [3] });
});

test('format 1 has its blobs in one piece', () => {
  const bytes = bytesOf('old');
  const content = {
    ...contentOf([{ namespace: 1, key: 'b', value: { type: 'legacy-blob' as const, bytes } }]),
    format: 1 as const,
  };
  const partition = buildNvsPartition(content, 0x3000);
  expect(hex(partition.subarray(8, 9))).toBe('ff');
  expect(readNvs(partition)).toMatchObject({
    content: { format: 1, items: [{ value: { type: 'legacy-blob', bytes } }] },
  });
});

test('a text is a string with its NUL, or a blob without one', () => {
  expect(nvsText(nvsString('中文'))).toBe('中文');
  expect(nvsText({ type: 'blob', bytes: bytesOf('abc'), firstPiece: 0 })).toBe('abc');
  expect(nvsText({ type: 'blob', bytes: bytesOf('a\0b'), firstPiece: 0 })).toBeNull();
  expect(nvsText({ type: 'string', bytes: Uint8Array.of(0xff, 0) })).toBeNull();
  expect(nvsText({ type: 'u8', value: 1n })).toBeNull();
});
