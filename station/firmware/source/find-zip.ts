import type { FileHandle } from 'node:fs/promises';

/** The part of a file that is a zip: `start` is its first byte, `end` the end of its end record. */
export interface ZipExtent {
  readonly start: number;
  readonly end: number;
}

/** The file is the last part of a split zip. */
export const SPLIT = 'split';

/** Bytes at the end of the file in which the end record is searched; Info-ZIP's unzip searches the last 66,000. */
const SEARCHED_BYTES = 1024 * 1024;
const END_BYTES = 22;
const END_MARK = Buffer.from('PK\x05\x06', 'latin1');
const DIRECTORY_MARK = Buffer.from('PK\x01\x02', 'latin1');
const LOCATOR_MARK = Buffer.from('PK\x06\x07', 'latin1');
const LOCATOR_BYTES = 20;
const END64_MARK = Buffer.from('PK\x06\x06', 'latin1');
const END64_BYTES = 56;
const IN_ZIP64 = 0xffff;
/** Archivers write no more parts; a larger number belongs to bytes that look like an end record. */
const MAX_PARTS = 999;

/**
 * Finds the zip in a file: the last end record whose directory is where the record says. A download may have added bytes
 * after it, and a self-extracting program stands before it. Null when there is none.
 * Source: PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16, 8.3.
 */
export async function findZip(
  handle: FileHandle,
  sizeBytes: number,
): Promise<ZipExtent | typeof SPLIT | null> {
  let isSplit = false;
  const tail = Buffer.alloc(Math.min(SEARCHED_BYTES, sizeBytes));
  const from = sizeBytes - tail.length;
  await handle.read(tail, 0, tail.length, from);
  for (
    let index = tail.lastIndexOf(END_MARK);
    index >= 0;
    index = index === 0 ? -1 : tail.lastIndexOf(END_MARK, index - 1)
  ) {
    if (index + END_BYTES > tail.length) continue;
    const disk = tail.readUInt16LE(index + 4);
    if (disk !== 0 && disk !== IN_ZIP64) {
      isSplit ||= disk <= MAX_PARTS;
      continue;
    }
    // The comment of the record is not read.
    const start = await startOf(handle, tail.subarray(index), from + index);
    if (start !== null) return { start, end: from + index + END_BYTES };
  }
  return isSplit ? SPLIT : null;
}

/** The position that the offsets of this end record count from; null when its directory is not there. */
async function startOf(handle: FileHandle, record: Buffer, recordOffset: number): Promise<number | null> {
  const count = record.readUInt16LE(10);
  let directoryBytes = record.readUInt32LE(12);
  let offset = record.readUInt32LE(16);
  let directoryEnd = recordOffset;
  const locator = await bytesAt(handle, recordOffset - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator?.subarray(0, 4).equals(LOCATOR_MARK) === true) {
    // Before the locator; with an extension at the offset of the locator, which is right only without bytes before the zip.
    const positions = [recordOffset - LOCATOR_BYTES - END64_BYTES, Number(locator.readBigUInt64LE(8))];
    const candidates = await Promise.all(positions.map((position) => bytesAt(handle, position, END64_BYTES)));
    const index = candidates.findIndex((bytes) => bytes?.subarray(0, 4).equals(END64_MARK) === true);
    const end64 = candidates[index];
    if (end64 == null) return null;
    directoryEnd = positions[index] ?? recordOffset;
    directoryBytes = Number(end64.readBigUInt64LE(40));
    offset = Number(end64.readBigUInt64LE(48));
  }
  const directory = directoryEnd - directoryBytes;
  const start = directory - offset;
  if (start < 0) return null;
  if (count === 0 && directoryBytes === 0) return start;
  const signature = await bytesAt(handle, directory, 4);
  return signature?.equals(DIRECTORY_MARK) === true ? start : null;
}

async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer | null> {
  if (position < 0) return null;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return bytesRead === length ? buffer : null;
}
