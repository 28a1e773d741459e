import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildNvsPartition, findNvsValue, nvsString, nvsText, readNvs } from '#shared/codec/nvs/index.ts';
import { nvsCrc } from '#shared/codec/nvs/nvs-crc.ts';
import { Fault } from '#shared/domain/fault.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { anyContent, contentOf, entryAt, PAGE, pageOf, setState } from './nvs-samples.ts';

const SIZE = 0x4000;

/** One page with the namespace in entry 0 and each text in two entries after it. */
function textsPage(...texts: readonly (readonly [string, string])[]): Uint8Array {
  return buildNvsPartition(
    contentOf(texts.map(([key, text]) => ({ namespace: 1, key, value: nvsString(text) }))),
    SIZE,
  );
}

function textIn(partition: Uint8Array, key: string): string | null {
  const reading = readNvs(partition);
  if (reading.kind !== 'content') throw new Error(reading.kind);
  const value = findNvsValue(reading.content, 'app', key);
  return value === null ? null : nvsText(value);
}

/** Writes state and sequence number, with a valid CRC. */
function setHeader(
  partition: Uint8Array,
  page: number,
  state: number,
  sequence: number,
  format = 0xfe,
): void {
  const bytes = pageOf(partition, page);
  const view = new DataView(bytes.buffer, bytes.byteOffset, PAGE);
  view.setUint32(0, state, true);
  view.setUint32(4, sequence, true);
  view.setUint8(8, format);
  view.setUint32(28, nvsCrc(bytes.subarray(4, 28)), true);
}

function copyEntries(partition: Uint8Array, from: number, to: number, count: number): void {
  partition.copyWithin(entryAt(to), entryAt(from), entryAt(from + count));
}

test('an erased partition is empty', () => {
  expect(readNvs(new Uint8Array(SIZE).fill(0xff))).toMatchObject({
    kind: 'content',
    content: { format: 2, namespaces: [], items: [] },
    emptyPages: [0, 1, 2, 3],
    nextSequence: 0,
  });
});

test('an erased entry is gone', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  setState(partition, 0, 1, 0);
  setState(partition, 0, 2, 0);
  expect([textIn(partition, 'a'), textIn(partition, 'b')]).toEqual([null, 'two']);
});

test('of two entries with one key the newer counts', () => {
  const partition = textsPage(['a', 'old'], ['a', 'new']);
  expect(textIn(partition, 'a')).toBe('new');
});

test('a changed entry and a changed payload are not read, and the entries after them are', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two'], ['c', 'three']);
  partition[entryAt(1) + 9] = 0x41;
  partition[entryAt(4)] = 0x41;
  expect([textIn(partition, 'a'), textIn(partition, 'b'), textIn(partition, 'c')]).toEqual([
    null,
    null,
    'three',
  ]);
  // The payload of the first is read as an entry of its own.
  expect(readNvs(partition)).toMatchObject({ damagedEntries: 3, damagedPages: 0 });
});

test('an item whose payload was never marked as written is half written', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  setState(partition, 0, 4, 3);
  expect([textIn(partition, 'a'), textIn(partition, 'b')]).toEqual(['one', null]);
});

test('entries after the first empty one do not count on the page that is being written', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  setState(partition, 0, 3, 3);
  expect(textIn(partition, 'b')).toBeNull();
  const full = Uint8Array.from(partition);
  setHeader(full, 0, 0xffff_fffc, 0);
  // The payload remains; without its entry it is none.
  expect(textIn(full, 'a')).toBe('one');
});

test('an item that goes over the end of its page is damaged', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  copyEntries(partition, 3, 125, 1);
  for (let entry = 3; entry < 126; entry++) setState(partition, 0, entry, entry === 125 ? 2 : 0);
  expect(textIn(partition, 'b')).toBeNull();
  expect(readNvs(partition)).toMatchObject({ damagedEntries: 1 });
});

test('pages are read in the order of their sequence numbers', () => {
  const partition = textsPage(['a', 'newer']);
  pageOf(partition, 2).set(pageOf(textsPage(['a', 'older']), 0));
  setHeader(partition, 0, 0xffff_fffe, 8);
  setHeader(partition, 2, 0xffff_fffc, 7);
  expect(textIn(partition, 'a')).toBe('newer');
  expect(readNvs(partition)).toMatchObject({ nextSequence: 9, freePages: [1, 3] });
});

test('the incomplete copy of a page that is being freed is not read', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  pageOf(partition, 1).set(pageOf(textsPage(['a', 'copy']), 0));
  setHeader(partition, 0, 0xffff_fff8, 3);
  setHeader(partition, 1, 0xffff_fffe, 4);
  expect([textIn(partition, 'a'), textIn(partition, 'b')]).toEqual(['one', 'two']);
});

test.each([
  ['with a wrong CRC', (page: Uint8Array) => (page[4] = 9)],
  ['with an unknown state', (page: Uint8Array) => page.fill(0, 0, 4)],
  ['that is blank and not erased', (page: Uint8Array) => page.fill(0xff).fill(0, 77, 78)],
])('a page %s is free and damaged', (_what, damage) => {
  const partition = textsPage(['a', 'one']);
  damage(pageOf(partition, 0));
  expect(textIn(partition, 'a')).toBeNull();
  expect(readNvs(partition)).toMatchObject({
    damagedPages: 1,
    freePages: [0, 1, 2, 3],
    emptyPages: [1, 2, 3],
  });
});

test('a blob without one of its pieces is none', () => {
  const bytes = new Uint8Array(6000).fill(7);
  const partition = buildNvsPartition(
    contentOf([{ namespace: 1, key: 'cert', value: { type: 'blob', bytes, firstPiece: 128 } }]),
    SIZE,
  );
  expect(readNvs(partition)).toMatchObject({
    content: { items: [{ key: 'cert', value: { firstPiece: 128, bytes } }] },
  });
  setState(partition, 1, 0, 0);
  expect(readNvs(partition)).toMatchObject({ content: { items: [] } });
});

test('a blob is the one whose index is written, also when another version was begun', () => {
  const items = [
    {
      namespace: 1,
      key: 'cert',
      value: { type: 'blob' as const, bytes: Uint8Array.of(1, 2), firstPiece: 0 as const },
    },
    {
      namespace: 1,
      key: 'cert',
      value: { type: 'blob' as const, bytes: Uint8Array.of(3, 4), firstPiece: 128 as const },
    },
  ];
  const partition = buildNvsPartition(contentOf(items), SIZE);
  expect(readNvs(partition)).toMatchObject({ content: { items: [{ value: items[1]?.value }] } });
  // Entry 6 is the second index.
  setState(partition, 0, 6, 3);
  expect(readNvs(partition)).toMatchObject({ content: { items: [{ value: items[0]?.value }] } });
});

test('a partition of a later version is said to be one', () => {
  const partition = textsPage(['a', 'one']);
  setHeader(partition, 0, 0xffff_fffe, 0, 0xfd);
  expect(readNvs(partition)).toEqual({ kind: 'newer-format' });
});

test('an encrypted partition is recognised', () => {
  const partition = textsPage(['a', 'one'], ['b', 'two']);
  for (let at = entryAt(0); at < entryAt(5); at++)
    partition[at] = ((partition[at] ?? 0) ^ (at * 167 + 13)) & 0xff;
  expect(readNvs(partition)).toEqual({ kind: 'encrypted' });
});

test.each([0, 4096, 5000, 4096 * 1025])('%i bytes are no partition', async (size) => {
  expect(await faultOf(() => readNvs(new Uint8Array(size)))).toMatchObject({ code: 'bad-input' });
});

test('any bytes are read, or refused with a fault', () => {
  const changed = fc.record({
    content: anyContent,
    changes: fc.array(fc.tuple(fc.nat(0x1_ffff), fc.integer({ min: 0, max: 255 })), { maxLength: 60 }),
    pages: fc.integer({ min: 2, max: 32 }),
  });
  fc.assert(
    fc.property(changed, ({ content, changes, pages }) => {
      try {
        const partition = buildNvsPartition(content, pages * PAGE);
        for (const [at, byte] of changes) partition[at % partition.length] = byte;
        readNvs(partition);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
    }),
    { numRuns: 60 },
  );
});
