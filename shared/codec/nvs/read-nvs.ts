import { Fault } from '../../domain/fault.ts';
import {
  BLOB_INDEX_CODE,
  BLOB_PIECE_CODE,
  FORMAT_2,
  INTEGER_CODES,
  LEGACY_BLOB_CODE,
  MAX_NAMESPACES,
  MAX_PAGES,
  MIN_PAGES,
  NO_PIECE,
  PAGE_BYTES,
  SECOND_VERSION,
  STRING_CODE,
  viewOf,
} from './layout.ts';
import type { NvsContent, NvsIntegerType, NvsItem, NvsNamespace, NvsValue } from './nvs-value.ts';
import { type PageReading, readPage, type StoredEntry } from './read-page.ts';

export type NvsReading =
  | {
      readonly kind: 'content';
      readonly content: NvsContent;
      /** What was read. */
      readonly partition: Uint8Array;
      /** Numbers of the pages without data, also damaged ones. */
      readonly freePages: readonly number[];
      /** Numbers of the pages that are erased. */
      readonly emptyPages: readonly number[];
      /** Pages and entries that the library erases, with their data. After a power cut there is one. */
      readonly damagedPages: number;
      readonly damagedEntries: number;
      /** Valid entries of an unknown type: the partition was written by a newer library. */
      readonly unknownEntries: number;
      /**
       * Keys with values of two types, as `index key`: earlier libraries keep both, and each is read by its own type. The content has
       * the newer one.
       */
      readonly mixedKeys: ReadonlySet<string>;
      /** The next sequence number of a page. */
      readonly nextSequence: number;
    }
  /** No entry of the partition is valid, and none looks like one: NVS encryption. */
  | { readonly kind: 'encrypted' }
  /** A page has a later version than 2. */
  | { readonly kind: 'newer-format' };

type UsedPage = Extract<PageReading, { kind: 'used' }>;

/**
 * Reads a partition as the library does after a restart: pages in the order of their sequence numbers, half-written items
 * ignored, of two items with one key the newer, blobs only with all of their pieces. Changes nothing.
 * Faults: `bad-input` when the size is not that of a partition.
 */
export function readNvs(partition: Uint8Array): NvsReading {
  const count = partition.length / PAGE_BYTES;
  if (!Number.isInteger(count) || count < MIN_PAGES || count > MAX_PAGES)
    throw new Fault(
      'bad-input',
      `an NVS partition of ${partition.length} bytes is none: it has 2 to 1024 pages of 4096 bytes`,
      {
        hint: 'Check the name of the partition in the recipe.',
        details: { sizeBytes: partition.length },
      },
    );
  const used: UsedPage[] = [];
  const freePages: number[] = [];
  const emptyPages: number[] = [];
  let damagedPages = 0;
  for (let number = 0; number < count; number++) {
    const page = readPage(partition.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES));
    if (page.kind === 'newer-format') return { kind: 'newer-format' };
    if (page.kind === 'used') used.push(page);
    else freePages.push(number);
    if (page.kind === 'damaged') damagedPages += 1;
    if (page.kind === 'empty') emptyPages.push(number);
  }
  used.sort((a, b) => a.sequence - b.sequence);
  if (isEncrypted(used)) return { kind: 'encrypted' };
  const { entries, unknownEntries, mixedKeys } = newestOf(withoutHalfCopy(used));
  const isFormat2 = used.length === 0 || used.some(({ formatByte }) => formatByte === FORMAT_2);
  return {
    kind: 'content',
    partition,
    content: { format: isFormat2 ? 2 : 1, namespaces: namespacesOf(entries), items: itemsOf(entries) },
    freePages,
    emptyPages,
    damagedPages,
    damagedEntries: used.reduce((sum, { damagedEntries }) => sum + damagedEntries, 0),
    unknownEntries,
    mixedKeys,
    nextSequence: (used.at(-1)?.sequence ?? -1) + 1,
  };
}

/** A power cut gives one damaged entry, and erased ones; the entries of an encrypted partition are all damaged. */
function isEncrypted(used: readonly UsedPage[]): boolean {
  const damaged = used.reduce((sum, one) => sum + one.damagedEntries - one.blankEntries, 0);
  return damaged >= 2 && used.every(({ entries }) => entries.length === 0);
}

/**
 * While the library frees a page it copies the page's entries to the newest one. After a power cut the copy is incomplete and is
 * erased; the page that was being freed has all entries.
 */
function withoutHalfCopy(used: readonly UsedPage[]): readonly UsedPage[] {
  const isCopying = used.some(({ state }) => state === 'freeing') && used.at(-1)?.state === 'active';
  return isCopying ? used.slice(0, -1) : used;
}

/** The entries by namespace, key and number of the piece, each once. The order is that of the first entry with the key. */
function newestOf(pages: readonly UsedPage[]): {
  readonly entries: ReadonlyMap<string, StoredEntry>;
  readonly unknownEntries: number;
  readonly mixedKeys: ReadonlySet<string>;
} {
  const entries = new Map<string, StoredEntry>();
  const mixedKeys = new Set<string>();
  let unknownEntries = 0;
  for (const page of pages)
    for (const entry of page.entries) {
      if (!isKnown(entry)) {
        unknownEntries += 1;
        continue;
      }
      const slot = slotOf(entry);
      const before = entries.get(slot);
      if (before !== undefined && !isSameType(before, entry))
        mixedKeys.add(`${entry.namespace} ${entry.key}`);
      entries.set(slot, entry);
    }
  return { entries, unknownEntries, mixedKeys };
}

/** A blob of format 1 becomes one of format 2 when it is written again. */
function isSameType(before: StoredEntry, after: StoredEntry): boolean {
  const isBlob = ({ code }: StoredEntry): boolean => code === LEGACY_BLOB_CODE || code === BLOB_INDEX_CODE;
  return before.code === after.code || (isBlob(before) && isBlob(after));
}

const slotOf = ({ namespace, key, piece }: Pick<StoredEntry, 'namespace' | 'key' | 'piece'>): string =>
  `${namespace} ${piece} ${key}`;

const INTEGER_TYPES = new Map<number, NvsIntegerType>(
  Object.entries(INTEGER_CODES).map(([type, code]) => [code, type as NvsIntegerType]),
);

function isKnown({ code, piece }: StoredEntry): boolean {
  if (code === BLOB_PIECE_CODE) return piece !== NO_PIECE;
  const isOther = INTEGER_TYPES.has(code) || [STRING_CODE, LEGACY_BLOB_CODE, BLOB_INDEX_CODE].includes(code);
  return isOther && piece === NO_PIECE;
}

function namespacesOf(entries: ReadonlyMap<string, StoredEntry>): NvsNamespace[] {
  return [...entries.values()].flatMap(({ namespace, code, key, data: [index = 0] }) =>
    namespace === 0 && code === INTEGER_CODES.u8 && key !== '' && index >= 1 && index <= MAX_NAMESPACES
      ? [{ name: key, index }]
      : [],
  );
}

function itemsOf(entries: ReadonlyMap<string, StoredEntry>): NvsItem[] {
  const items: NvsItem[] = [];
  for (const entry of entries.values()) {
    const { namespace, key } = entry;
    if (namespace === 0) continue;
    const value = valueOf(entry, entries);
    if (value !== null) items.push({ namespace, key, value });
  }
  return items;
}

/** The value of an entry; null for a piece of a blob, and for a blob whose pieces are not all there. */
function valueOf(entry: StoredEntry, entries: ReadonlyMap<string, StoredEntry>): NvsValue | null {
  const { code, data, payload } = entry;
  const type = INTEGER_TYPES.get(code);
  if (type !== undefined) return { type, value: integerOf(type, viewOf(data)) };
  if (code === STRING_CODE && payload !== null) return { type: 'string', bytes: payload };
  if (code === LEGACY_BLOB_CODE && payload !== null) return { type: 'legacy-blob', bytes: payload };
  return code === BLOB_INDEX_CODE ? blobOf(entry, entries) : null;
}

function blobOf(index: StoredEntry, entries: ReadonlyMap<string, StoredEntry>): NvsValue | null {
  const sizeBytes = viewOf(index.data).getUint32(0, true);
  const count = index.data[4] ?? 0;
  const firstPiece = index.data[5] ?? 0;
  if (firstPiece !== 0 && firstPiece !== SECOND_VERSION) return null;
  const pieces: Uint8Array[] = [];
  for (let piece: number = firstPiece; piece < Math.min(firstPiece + count, NO_PIECE); piece++) {
    const entry = entries.get(slotOf({ ...index, piece }));
    if (entry?.code !== BLOB_PIECE_CODE || entry.payload === null) return null;
    pieces.push(entry.payload);
  }
  if (pieces.reduce((sum, { length }) => sum + length, 0) !== sizeBytes) return null;
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { type: 'blob', bytes, firstPiece };
}

function integerOf(type: NvsIntegerType, view: DataView): bigint {
  switch (type) {
    case 'u8':
      return BigInt(view.getUint8(0));
    case 'i8':
      return BigInt(view.getInt8(0));
    case 'u16':
      return BigInt(view.getUint16(0, true));
    case 'i16':
      return BigInt(view.getInt16(0, true));
    case 'u32':
      return BigInt(view.getUint32(0, true));
    case 'i32':
      return BigInt(view.getInt32(0, true));
    case 'u64':
      return view.getBigUint64(0, true);
    case 'i64':
      return view.getBigInt64(0, true);
  }
}
