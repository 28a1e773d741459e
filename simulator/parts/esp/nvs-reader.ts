import { crc32 } from 'node:zlib';

const PAGE_BYTES = 4_096;
const ENTRY_BYTES = 32;
const ENTRIES = 126;
const BITMAP_OFFSET = 32;
const ENTRIES_OFFSET = 64;
/** A page with entries: active, full, or being emptied. */
const USED_STATES: ReadonlySet<number> = new Set([0xffff_fffe, 0xffff_fffc, 0xffff_fff8]);
const WRITTEN = 0b10;
const CRC_SEED = 0xffff_ffff;
const NAMESPACE = 0;
const ANY_CHUNK = 0xff;
const TYPE = { u8: 0x01, string: 0x21, blobData: 0x42, blobIndex: 0x48 } as const;
const KEY_OFFSET = 8;
const KEY_BYTES = 16;
const DATA_OFFSET = 24;

/** A text or blob in a namespace. */
export interface NvsValue {
  readonly namespace: string;
  readonly key: string;
  readonly bytes: Buffer;
}

interface Entry {
  readonly namespace: number;
  readonly type: number;
  readonly chunk: number;
  readonly key: string;
  readonly bytes: Buffer;
}

/**
 * The texts and blobs of an NVS partition (version 2), as an application reads them: entries that are erased or damaged are
 * skipped, and the newest of two wins. Source: ESP-IDF's documentation of the format.
 */
export function readNvs(partition: Buffer): readonly NvsValue[] {
  const namespaces = new Map<number, string>();
  const strings = new Map<string, Entry>();
  const pieces = new Map<string, Entry>();
  const blobs = new Map<string, Entry>();
  for (const entry of usedPages(partition).flatMap(entriesOf)) {
    const name = `${entry.namespace} ${entry.key}`;
    if (entry.namespace === NAMESPACE) {
      if (entry.type === TYPE.u8) namespaces.set(entry.bytes.readUInt8(0), entry.key);
    } else if (entry.type === TYPE.string) strings.set(name, entry);
    else if (entry.type === TYPE.blobData) pieces.set(`${name} ${entry.chunk}`, entry);
    else if (entry.type === TYPE.blobIndex) blobs.set(name, entry);
  }
  const valueOf = ({ namespace, key }: Entry, bytes: Buffer): NvsValue[] => {
    const named = namespaces.get(namespace);
    return named === undefined ? [] : [{ namespace: named, key, bytes }];
  };
  return [
    ...[...strings.values()].flatMap((entry) => valueOf(entry, entry.bytes)),
    ...[...blobs].flatMap(([name, index]) => {
      // Size, number of pieces, number of the first one.
      const first = index.bytes.readUInt8(5);
      const numbers = Array.from({ length: index.bytes.readUInt8(4) }, (_, at) => first + at);
      const found = numbers.map((number) => pieces.get(`${name} ${number}`)?.bytes);
      return found.every((bytes) => bytes !== undefined) ? valueOf(index, Buffer.concat(found)) : [];
    }),
  ];
}

/** The pages with entries, oldest first. */
function usedPages(partition: Buffer): Buffer[] {
  const pages: Buffer[] = [];
  for (let at = 0; at + PAGE_BYTES <= partition.length; at += PAGE_BYTES) {
    const page = partition.subarray(at, at + PAGE_BYTES);
    const intact = crc32(page.subarray(4, 28), CRC_SEED) === page.readUInt32LE(28);
    if (USED_STATES.has(page.readUInt32LE(0)) && intact) pages.push(page);
  }
  return pages.sort((a, b) => a.readUInt32LE(4) - b.readUInt32LE(4));
}

function entriesOf(page: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let n = 0; n < ENTRIES;) {
    const state = (page.readUInt8(BITMAP_OFFSET + (n >> 2)) >> ((n & 3) * 2)) & 3;
    const at = ENTRIES_OFFSET + n * ENTRY_BYTES;
    const head = page.subarray(at, at + ENTRY_BYTES);
    const span = head.readUInt8(2);
    const intact = state === WRITTEN && span >= 1 && n + span <= ENTRIES && headIntact(head);
    const payload = page.subarray(at + ENTRY_BYTES, at + Math.max(1, span) * ENTRY_BYTES);
    const entry = intact ? entryOf(head, payload) : null;
    if (entry !== null) entries.push(entry);
    n += intact ? span : 1;
  }
  return entries;
}

function headIntact(head: Buffer): boolean {
  const checked = Buffer.concat([head.subarray(0, 4), head.subarray(8)]);
  return crc32(checked, CRC_SEED) === head.readUInt32LE(4);
}

/** `null` for a text or blob whose bytes are damaged. */
function entryOf(head: Buffer, payload: Buffer): Entry | null {
  const type = head.readUInt8(1);
  const keyField = head.subarray(KEY_OFFSET, KEY_OFFSET + KEY_BYTES);
  const keyEnd = keyField.indexOf(0);
  const common = {
    namespace: head.readUInt8(0),
    type,
    chunk: head.readUInt8(3),
    key: keyField.subarray(0, keyEnd === -1 ? KEY_BYTES : keyEnd).toString('latin1'),
  };
  if (type !== TYPE.string && type !== TYPE.blobData)
    return { ...common, chunk: ANY_CHUNK, bytes: head.subarray(DATA_OFFSET) };
  const length = head.readUInt16LE(DATA_OFFSET);
  const bytes = payload.subarray(0, length);
  if (bytes.length < length || crc32(bytes, CRC_SEED) !== head.readUInt32LE(DATA_OFFSET + 4)) return null;
  // A text ends with a NUL.
  return { ...common, bytes: type === TYPE.string ? bytes.subarray(0, -1) : bytes };
}
