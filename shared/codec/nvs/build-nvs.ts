import { Fault } from '../../domain/fault.ts';
import {
  BLOB_INDEX_CODE,
  BLOB_PIECE_CODE,
  entriesFor,
  INTEGER_CODES,
  LEGACY_BLOB_CODE,
  MAX_KEY_BYTES,
  MAX_LEGACY_BLOB_BYTES,
  MAX_NAMESPACES,
  MAX_PIECE_BYTES,
  MAX_PIECES,
  NO_PIECE,
  PAGE_BYTES,
  SECOND_VERSION,
  STRING_CODE,
  viewOf,
} from './layout.ts';
import type { NvsContent, NvsIntegerType, NvsItem, NvsValue } from './nvs-value.ts';
import { PageWriter } from './page-writer.ts';

/** The library begins a blob on the next page when less than this is left, and the blob does not fit. */
const LEAST_FIRST_PIECE_BYTES = MAX_PIECE_BYTES / 10;

/**
 * The pages of a partition with this content, without the empty page that must follow: at most `maxPages`, with sequence numbers
 * from `firstSequence` on. The last is the page that the library continues. The items of `together` are the last ones, on one
 * page if they fit on one.
 * Faults: `bad-input` for a name, key or value that NVS cannot hold, and when the content does not fit.
 */
export function buildNvsPages(
  content: NvsContent,
  firstSequence: number,
  maxPages: number,
  together: readonly NvsItem[] = [],
): readonly Uint8Array[] {
  const { format, namespaces, items } = content;
  if (namespaces.length > MAX_NAMESPACES) throw invalid(`NVS holds ${MAX_NAMESPACES} namespaces at most`);
  const pages = new PageWriter(format, firstSequence, maxPages);
  const written = new Set<number>();
  const writeNamespace = (index: number): void => {
    const name = namespaces.find((one) => one.index === index)?.name;
    if (name === undefined || written.has(index)) return;
    written.add(index);
    checkKey(name, 'namespace');
    pages.write({
      namespace: 0,
      code: INTEGER_CODES.u8,
      piece: NO_PIECE,
      key: name,
      data: integer('u8', BigInt(index)),
    });
  };
  for (const item of items) {
    writeNamespace(item.namespace);
    checkKey(item.key, 'key');
    writeItem(pages, item, format);
  }
  for (const { index } of namespaces) writeNamespace(index);
  // A page is written as a whole.
  if (pages.roomEntries < sum(together.map(({ value }) => entriesOf(value)))) pages.nextPage();
  for (const item of together) {
    checkKey(item.key, 'key');
    writeItem(pages, item, format);
  }
  return pages.pages;
}

/**
 * A whole partition with this content: its pages and erased ones after them.
 * Faults: as `buildNvsPages`; `bad-input` when `sizeBytes` is no size of a partition.
 */
export function buildNvsPartition(content: NvsContent, sizeBytes: number): Uint8Array {
  const partition = new Uint8Array(sizeBytes).fill(0xff);
  const pages = buildNvsPages(content, 0, Math.floor(sizeBytes / PAGE_BYTES) - 1);
  pages.forEach((page, number) => partition.set(page, number * PAGE_BYTES));
  return partition;
}

function writeItem(pages: PageWriter, { namespace, key, value }: NvsItem, format: 1 | 2): void {
  const head = { namespace, key, piece: NO_PIECE };
  switch (value.type) {
    case 'string':
      checkSize(key, value.bytes, MAX_PIECE_BYTES);
      return pages.write({ ...head, code: STRING_CODE, data: { payload: value.bytes } });
    case 'legacy-blob':
      checkSize(key, value.bytes, MAX_LEGACY_BLOB_BYTES);
      return pages.write({ ...head, code: LEGACY_BLOB_CODE, data: { payload: value.bytes } });
    case 'blob':
      if (format === 1) throw invalid(`the key "${key}" has a blob of format 2 in a partition of format 1`);
      return writeBlob(pages, namespace, key, value);
    default:
      return pages.write({
        ...head,
        code: INTEGER_CODES[value.type],
        data: integer(value.type, value.value),
      });
  }
}

function entriesOf(value: NvsValue): number {
  if ('value' in value) return 1;
  const index = value.type === 'blob' ? 1 : 0;
  return 1 + entriesFor(value.bytes.length) + index;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Writes the pieces, each as large as the page allows, and then their index. */
function writeBlob(
  pages: PageWriter,
  namespace: number,
  key: string,
  { bytes, firstPiece }: Extract<NvsValue, { type: 'blob' }>,
): void {
  if (pages.roomBytes < bytes.length && pages.roomBytes < LEAST_FIRST_PIECE_BYTES) pages.nextPage();
  let count = 0;
  let at = 0;
  do {
    if (pages.roomBytes === 0) pages.nextPage();
    const payload = bytes.subarray(at, at + pages.roomBytes);
    if (count === MAX_PIECES)
      throw invalid(`the blob "${key}" has ${bytes.length} bytes, which is more than NVS holds`);
    pages.write({ namespace, code: BLOB_PIECE_CODE, piece: firstPiece + count, key, data: { payload } });
    count += 1;
    at += payload.length;
  } while (at < bytes.length);
  const data = new Uint8Array(8).fill(0xff);
  viewOf(data).setUint32(0, bytes.length, true);
  data.set([count, firstPiece], 4);
  pages.write({ namespace, code: BLOB_INDEX_CODE, piece: NO_PIECE, key, data });
}

/** The other numbers for the pieces of each blob, for a copy beside the partition's old pages. */
export function withOtherPieces(content: NvsContent): NvsContent {
  const items = content.items.map((item): NvsItem => {
    const { value } = item;
    if (value.type !== 'blob') return item;
    return { ...item, value: { ...value, firstPiece: value.firstPiece === 0 ? SECOND_VERSION : 0 } };
  });
  return { ...content, items };
}

const INTEGER_BITS: Readonly<Record<NvsIntegerType, number>> = {
  u8: 8,
  i8: 8,
  u16: 16,
  i16: 16,
  u32: 32,
  i32: 32,
  u64: 64,
  i64: 64,
};

/** The eight bytes of an integer; the bytes after it stay erased. */
function integer(type: NvsIntegerType, value: bigint): Uint8Array {
  const bits = INTEGER_BITS[type];
  const fitting = type.startsWith('i') ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (fitting !== value) throw invalid(`the number ${value} does not fit into ${type}`);
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigInt64(0, BigInt.asIntN(64, value), true);
  return bytes.fill(0xff, bits / 8);
}

function checkKey(key: string, what: 'namespace' | 'key'): void {
  const isKey = /^[^\0\u0100-\uffff]+$/.test(key) && key.length <= MAX_KEY_BYTES;
  if (!isKey)
    throw invalid(`the ${what} "${key.slice(0, 32)}" does not fit: NVS takes 1 to ${MAX_KEY_BYTES} bytes`);
}

function checkSize(key: string, { length }: Uint8Array, maxBytes: number): void {
  if (length > maxBytes)
    throw invalid(`the value of "${key}" has ${length} bytes, NVS takes ${maxBytes} at most`);
}

function invalid(problem: string): Fault {
  return new Fault('bad-input', problem);
}
