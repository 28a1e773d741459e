import type { NorFlash } from '../../flash/index.ts';

const IMAGE_MAGIC = 0xe9;
const HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const CHECKSUM_SEED = 0xef;
const ALIGNMENT = 16;
const DIGEST_BYTES = 32;
const MOST_SEGMENTS = 16;
const DESCRIPTION_MAGIC = 0xabcd5432;
const VERSION_OFFSET = 16;
const NAME_OFFSET = 48;
const TEXT_BYTES = 32;

/** An application image in the flash. Source: "App Image Format" of ESP-IDF's documentation. */
export interface EspImage {
  readonly offset: number;
  /** Number of bytes with checksum and appended digest: the size of the file that was flashed. */
  readonly length: number;
  readonly chipId: number;
  /** Version and name of the application's description; `null` without one. */
  readonly version: string | null;
  readonly project: string | null;
}

/** Reads the image at an offset, as a boot loader does. `null`: no image, or one with a wrong checksum or digest. */
export function readEspImage(flash: NorFlash, offset: number): EspImage | null {
  const header = flash.read(offset, HEADER_BYTES);
  const segments = header.readUInt8(1);
  if (header[0] !== IMAGE_MAGIC || segments === 0 || segments > MOST_SEGMENTS) return null;
  let at = offset + HEADER_BYTES;
  let checksum = CHECKSUM_SEED;
  for (let n = 0; n < segments; n++) {
    const length = flash.read(at, SEGMENT_HEADER_BYTES).readUInt32LE(4);
    at += SEGMENT_HEADER_BYTES;
    if (at + length > flash.bytes) return null;
    for (const byte of flash.read(at, length)) checksum ^= byte;
    at += length;
  }
  const length = Math.ceil((at - offset + 1) / ALIGNMENT) * ALIGNMENT;
  if (flash.read(offset + length - 1, 1)[0] !== checksum) return null;
  const hasDigest = header[23] === 1;
  if (
    hasDigest &&
    flash.sha256Hex(offset, length) !== flash.read(offset + length, DIGEST_BYTES).toString('hex')
  )
    return null;
  const description = flash.read(offset + HEADER_BYTES + SEGMENT_HEADER_BYTES, NAME_OFFSET + TEXT_BYTES);
  const described = description.readUInt32LE(0) === DESCRIPTION_MAGIC;
  return {
    offset,
    length: length + (hasDigest ? DIGEST_BYTES : 0),
    chipId: header.readUInt16LE(12),
    version: described ? textAt(description, VERSION_OFFSET) : null,
    project: described ? textAt(description, NAME_OFFSET) : null,
  };
}

/** A text that a NUL ends. */
function textAt(bytes: Buffer, offset: number): string {
  const field = bytes.subarray(offset, offset + TEXT_BYTES);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? TEXT_BYTES : end).toString('utf8');
}
