import fc from 'fast-check';
import type { NvsContent, NvsItem, NvsValue } from '#shared/codec/nvs/index.ts';

export const PAGE = 4096;

export function pageOf(partition: Uint8Array, page: number): Uint8Array {
  return partition.subarray(page * PAGE, (page + 1) * PAGE);
}

/** Offset of an entry of the first page. */
export function entryAt(index: number): number {
  return 64 + index * 32;
}

/** Sets the two bits of an entry: 2 written, 0 erased, 3 empty. */
export function setState(partition: Uint8Array, page: number, entry: number, bits: 0 | 2 | 3): void {
  const at = page * PAGE + 32 + (entry >> 2);
  const shift = (entry & 3) * 2;
  partition[at] = ((partition[at] ?? 0) & ~(3 << shift)) | (bits << shift);
}

export function contentOf(items: readonly NvsItem[], namespaces = [{ name: 'app', index: 1 }]): NvsContent {
  return { format: 2, namespaces, items };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const LIMITS = { u8: [0n, 255n], i8: [-128n, 127n], u16: [0n, 65_535n], i16: [-32_768n, 32_767n] } as const;

const integer = fc
  .constantFrom('u8' as const, 'i8' as const, 'u16' as const, 'i16' as const, 'u32' as const, 'i32' as const)
  .chain((type) => {
    const [min, max] =
      type === 'u32' ? [0n, 0xffff_ffffn] : type === 'i32' ? [-0x8000_0000n, 0x7fff_ffffn] : LIMITS[type];
    return fc.bigInt({ min, max }).map((value): NvsValue => ({ type, value }));
  });
const longInteger = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): NvsValue => ({ type: 'u64', value })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): NvsValue => ({ type: 'i64', value })),
);
const string = fc
  .uint8Array({ min: 1, max: 255, maxLength: 3999 })
  .map((text): NvsValue => ({ type: 'string', bytes: Uint8Array.of(...text, 0) }));
const blob = fc
  .record({
    bytes: fc.uint8Array({ maxLength: 9000 }),
    firstPiece: fc.constantFrom(0 as const, 128 as const),
  })
  .map((value): NvsValue => ({ type: 'blob', ...value }));

const name = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 15,
});

/** Any content of a partition of format 2; a few namespaces, some without values. */
export const anyContent: fc.Arbitrary<NvsContent> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
    items: fc.uniqueArray(
      fc.record({ slot: fc.nat(5), key: name, value: fc.oneof(integer, longInteger, string, blob) }),
      {
        maxLength: 12,
        selector: ({ slot, key }) => `${slot} ${key}`,
      },
    ),
  })
  .map(({ names, items }) => ({
    format: 2 as const,
    namespaces: names.map((one, at) => ({ name: one, index: at + 1 })),
    items: items
      .filter(({ slot }) => slot < names.length)
      .map(({ slot, key, value }) => ({ namespace: slot + 1, key, value })),
  }));

/** Content without order, for comparison. */
export function sorted({ format, namespaces, items }: NvsContent): unknown {
  const text = ({ type, ...rest }: NvsValue): unknown =>
    'bytes' in rest ? [type, Buffer.from(rest.bytes).toString('hex')] : [type, String(rest.value)];
  return {
    format,
    namespaces: namespaces.map(({ index, name: one }) => `${index} ${one}`).toSorted(),
    items: items
      .map((item) => [`${item.namespace} ${item.key}`, text(item.value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}
