import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { type NvsContent, readNvs } from '#shared/codec/nvs/index.ts';
import { anyContent, sorted } from './nvs-samples.ts';

const PAGE = 4096;
const CODES = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
} as const;

/** The generator's own words for it: `zlib.crc32(data, 0xFFFFFFFF)`. */
const crcOf = (bytes: Uint8Array): number => crc32(bytes, 0xffff_ffff);

/**
 * Writes a partition as `nvs_partition_gen.py` of ESP-IDF 5 does, which differs from the library: a string does not use the
 * last entry of a page, a blob takes any room that is left, and a page is opened as soon as the last one is full.
 */
function generate({ namespaces, items }: NvsContent, pages: number): Uint8Array {
  const partition = Buffer.alloc(pages * PAGE, 0xff);
  let page = -1;
  let used = 0;
  const open = (): void => {
    if (page >= 0) partition.writeUInt32LE(0xffff_fffc, page * PAGE);
    page += 1;
    used = 0;
    const at = page * PAGE;
    partition.writeUInt32LE(0xffff_fffe, at);
    partition.writeUInt32LE(page, at + 4);
    partition[at + 8] = 0xfe;
    partition.writeUInt32LE(crcOf(partition.subarray(at + 4, at + 28)), at + 28);
  };
  const put = (bytes: Uint8Array): void => {
    const count = Math.ceil(bytes.length / 32);
    partition.set(bytes, page * PAGE + 64 + used * 32);
    for (let n = 0; n < count; n++, used++) {
      const at = page * PAGE + 32 + Math.floor((used * 2) / 8);
      partition[at] = (partition[at] ?? 0) & ~(1 << ((used * 2) & 7));
    }
  };
  const entry = (head: readonly number[], key: string, data: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(32, 0xff);
    bytes.set(head);
    bytes.fill(0, 8, 24);
    bytes.write(key, 8, 'latin1');
    bytes.set(data, 24);
    bytes.writeUInt32LE(crcOf(Buffer.concat([bytes.subarray(0, 4), bytes.subarray(8)])), 4);
    return bytes;
  };
  const sized = (bytes: Uint8Array): Buffer => {
    const data = Buffer.alloc(8, 0xff);
    data.writeUInt16LE(bytes.length);
    data.writeUInt32LE(crcOf(bytes), 4);
    return data;
  };
  const roomFor = (entries: number): void => {
    if (used + entries > 126) open();
  };
  open();
  for (const { name, index } of namespaces) {
    roomFor(1);
    put(entry([0, 1, 1, 0xff], name, Uint8Array.of(index)));
    for (const { key, value } of items.filter(({ namespace }) => namespace === index)) {
      if (value.type === 'string') {
        const span = 1 + Math.ceil(value.bytes.length / 32);
        if (used + span >= 126) open();
        put(entry([index, 0x21, span, 0xff], key, sized(value.bytes)));
        put(value.bytes);
      } else if (value.type === 'blob') {
        roomFor(2);
        let count = 0;
        for (let rest: Uint8Array = value.bytes; ; count++) {
          const room = (126 - used - 1) * 32;
          const piece = rest.subarray(0, room);
          rest = rest.subarray(room);
          put(
            entry(
              [index, 0x42, 1 + Math.ceil(piece.length / 32), value.firstPiece + count],
              key,
              sized(piece),
            ),
          );
          put(piece);
          if (rest.length > 0 || room - piece.length < 32) open();
          if (rest.length === 0) break;
        }
        const data = Buffer.alloc(8, 0xff);
        data.writeUInt32LE(value.bytes.length);
        data.set([count + 1, value.firstPiece], 4);
        put(entry([index, 0x48, 1, 0xff], key, data));
      } else if ('value' in value) {
        roomFor(1);
        const data = Buffer.alloc(8);
        data.writeBigInt64LE(BigInt.asIntN(64, value.value));
        const bytes = ({ 1: 1, 2: 2, 4: 4, 8: 8 } as const)[(CODES[value.type] & 0xf) as 1 | 2 | 4 | 8];
        put(entry([index, CODES[value.type], 1, 0xff], key, data.fill(0xff, bytes)));
      }
    }
  }
  return partition;
}

test('images by the rules of the published generator are read', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const reading = readNvs(generate(content, 64));
      expect(reading).toMatchObject({ kind: 'content', damagedEntries: 0, damagedPages: 0 });
      expect(reading.kind === 'content' && sorted(reading.content)).toEqual(sorted(content));
    }),
    { numRuns: 60 },
  );
});
