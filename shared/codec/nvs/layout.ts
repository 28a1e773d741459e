/**
 * Layout of the flash pages of Espressif's non-volatile storage (NVS). A page is one flash sector: a header, a table with
 * two bits for each entry, and 126 entries of 32 bytes. All numbers are little-endian.
 * Source: ESP-IDF programming guide, "Non-Volatile Storage Library", section "Internals".
 */
export const PAGE_BYTES = 4096;
export const ENTRY_BYTES = 32;
export const ENTRIES_PER_PAGE = 126;
const TABLE_OFFSET = 32;
const FIRST_ENTRY_OFFSET = 64;

/** The library needs one empty page, and one page for data. */
export const MIN_PAGES = 2;
/** Largest partition that is read: 4 MiB. Common partitions have 12 to 64 KiB. */
export const MAX_PAGES = 1024;

export const MAX_KEY_BYTES = 15;
/** Of a string with its NUL, and of one piece of a blob: all entries of a page except the one that describes it. */
export const MAX_PIECE_BYTES = (ENTRIES_PER_PAGE - 1) * ENTRY_BYTES;
/** Of a blob of format 1. */
export const MAX_LEGACY_BLOB_BYTES = 1984;
/** Namespaces have the indexes 1 to 254. */
export const MAX_NAMESPACES = 254;
/** Pieces of one version of a blob: their numbers begin at 0 or at 128. */
export const MAX_PIECES = 127;
export const SECOND_VERSION = 0x80;
/** Number of the piece in an entry that is no piece of a blob. */
export const NO_PIECE = 0xff;

/** States of a page: bits are cleared, one after another. */
export const PAGE_EMPTY = 0xffff_ffff;
export const PAGE_ACTIVE = 0xffff_fffe;
export const PAGE_FULL = 0xffff_fffc;
/** Its entries are copied to the last page; then it is erased. */
export const PAGE_FREEING = 0xffff_fff8;

/** The version byte counts down. */
export const FORMAT_1 = 0xff;
export const FORMAT_2 = 0xfe;

/** States of an entry; 00 is erased. */
export const ENTRY_EMPTY = 0b11;
export const ENTRY_WRITTEN = 0b10;

export const INTEGER_CODES = {
  u8: 0x01,
  i8: 0x11,
  u16: 0x02,
  i16: 0x12,
  u32: 0x04,
  i32: 0x14,
  u64: 0x08,
  i64: 0x18,
} as const;
export const STRING_CODE = 0x21;
/** A blob of format 1: one entry with its bytes behind it, like a string. */
export const LEGACY_BLOB_CODE = 0x41;
export const BLOB_PIECE_CODE = 0x42;
export const BLOB_INDEX_CODE = 0x48;

/** Offset of an entry in its page. */
export function entryOffset(index: number): number {
  return FIRST_ENTRY_OFFSET + index * ENTRY_BYTES;
}

/** State of an entry in the page's table. */
export function entryState(page: Uint8Array, index: number): number {
  return ((page[TABLE_OFFSET + (index >> 2)] ?? 0) >> ((index & 3) * 2)) & 3;
}

export function markWritten(page: Uint8Array, index: number): void {
  const at = TABLE_OFFSET + (index >> 2);
  page[at] = (page[at] ?? 0) & ~(1 << ((index & 3) * 2));
}

/** Number of entries for so many bytes behind an entry. */
export function entriesFor(bytes: number): number {
  return Math.ceil(bytes / ENTRY_BYTES);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
