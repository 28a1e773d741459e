import {
  BLOB_PIECE_CODE,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  ENTRY_EMPTY,
  ENTRY_WRITTEN,
  entriesFor,
  entryOffset,
  entryState,
  FORMAT_2,
  LEGACY_BLOB_CODE,
  PAGE_ACTIVE,
  PAGE_EMPTY,
  PAGE_FREEING,
  PAGE_FULL,
  STRING_CODE,
  viewOf,
} from './layout.ts';
import { entryCrc, headerCrc, nvsCrc } from './nvs-crc.ts';

/** A whole entry with a valid CRC. */
export interface StoredEntry {
  readonly namespace: number;
  readonly code: number;
  /** Number of the piece of a blob; 255 for other entries. */
  readonly piece: number;
  readonly key: string;
  /** The eight bytes of the value. */
  readonly data: Uint8Array;
  /** The bytes behind the entry; null for a value of eight bytes. */
  readonly payload: Uint8Array | null;
}

export type PageReading =
  | { readonly kind: 'empty' | 'damaged' | 'newer-format' }
  | {
      readonly kind: 'used';
      readonly state: 'active' | 'full' | 'freeing';
      readonly sequence: number;
      readonly formatByte: number;
      readonly entries: readonly StoredEntry[];
      /** Entries that are marked as written and are not valid. */
      readonly damagedEntries: number;
      /** Those of them that are erased: a loader was cut off, which writes the marks before the entries. */
      readonly blankEntries: number;
    };

/** The states that the library reads. */
const STATES = new Map<number, 'active' | 'full' | 'freeing'>([
  [PAGE_ACTIVE, 'active'],
  [PAGE_FULL, 'full'],
  [PAGE_FREEING, 'freeing'],
]);

/** Reads one page as the library does when it loads a partition, without the repairs that the library writes. */
export function readPage(page: Uint8Array): PageReading {
  const view = viewOf(page);
  const stateBits = view.getUint32(0, true);
  if (stateBits === PAGE_EMPTY) return { kind: page.every((byte) => byte === 0xff) ? 'empty' : 'damaged' };
  const state = STATES.get(stateBits);
  if (state === undefined || view.getUint32(28, true) !== headerCrc(page)) return { kind: 'damaged' };
  const formatByte = page[8] ?? 0;
  if (formatByte < FORMAT_2) return { kind: 'newer-format' };
  const isWritten = state === 'active' ? activeEntries(page) : allEntries(page);
  return {
    kind: 'used',
    state,
    sequence: view.getUint32(4, true),
    formatByte,
    ...readEntries(page, isWritten),
  };
}

function allEntries(page: Uint8Array): (index: number) => boolean {
  return (index) => index < ENTRIES_PER_PAGE && entryState(page, index) === ENTRY_WRITTEN;
}

/**
 * The page that is being written ends at its first empty entry. When a power cut came between an entry and its mark in the
 * table, the marks behind the first empty entry belong to a half-written item; the library erases them.
 */
function activeEntries(page: Uint8Array): (index: number) => boolean {
  let end = 0;
  while (end < ENTRIES_PER_PAGE && entryState(page, end) !== ENTRY_EMPTY) end += 1;
  return (index) => index < end && entryState(page, index) === ENTRY_WRITTEN;
}

function readEntries(
  page: Uint8Array,
  isWritten: (index: number) => boolean,
): {
  readonly entries: StoredEntry[];
  readonly damagedEntries: number;
  readonly blankEntries: number;
} {
  const entries: StoredEntry[] = [];
  let damagedEntries = 0;
  let blankEntries = 0;
  for (let index = 0; index < ENTRIES_PER_PAGE;) {
    if (!isWritten(index)) {
      index += 1;
      continue;
    }
    const bytes = page.subarray(entryOffset(index), entryOffset(index + 1));
    const span = bytes[2] ?? 0;
    if (viewOf(bytes).getUint32(4, true) !== entryCrc(bytes) || span < 1 || index + span > ENTRIES_PER_PAGE) {
      damagedEntries += 1;
      if (bytes.every((byte) => byte === 0xff)) blankEntries += 1;
      index += 1;
      continue;
    }
    const entry = toEntry(page, bytes, index, isWritten);
    if (entry === null) damagedEntries += 1;
    else entries.push(entry);
    index += span;
  }
  return { entries, damagedEntries, blankEntries };
}

/** The entry with its payload; null when a part of it was never written, is erased or has a wrong CRC. */
function toEntry(
  page: Uint8Array,
  bytes: Uint8Array,
  index: number,
  isWritten: (index: number) => boolean,
): StoredEntry | null {
  const [namespace = 0, code = 0, span = 0, piece = 0] = bytes;
  const data = bytes.subarray(24, 32);
  const head = { namespace, code, piece, key: keyOf(bytes.subarray(8, 24)), data };
  if (code !== STRING_CODE && code !== LEGACY_BLOB_CODE && code !== BLOB_PIECE_CODE)
    return { ...head, payload: null };
  for (let part = index + 1; part < index + span; part++) if (!isWritten(part)) return null;
  const size = viewOf(data).getUint16(0, true);
  if (entriesFor(size) !== span - 1) return null;
  const start = entryOffset(index) + ENTRY_BYTES;
  const payload = page.subarray(start, start + size);
  return nvsCrc(payload) === viewOf(data).getUint32(4, true) ? { ...head, payload } : null;
}

function keyOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes.subarray(0, 15) : bytes.subarray(0, Math.min(end, 15))));
}
