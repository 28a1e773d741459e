import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { FAILURE } from './isp-io.ts';

const HEADER_BYTES = 176;
const SEGMENT_HEADER_BYTES = 16;
const FLAGS_AT = 116;
const SEGMENT_COUNT_AT = 120;
const HASH_AT = 132;
const HASH_BYTES = 32;
const CRC_AT = 172;
const HASH_IGNORED = 1 << 17;

/** A program that the boot ROM takes into its RAM: boot header, then segments. Each step returns a failure code or `null`. */
export class RamImage {
  #header: Buffer | null = null;
  #segmentsLeft = 0;
  #bytesLeft = 0;
  readonly #hash = createHash('sha256');

  takeHeader(header: Buffer): number | null {
    if (header.length !== HEADER_BYTES) return FAILURE.headerLength;
    if (!['BFNP', 'BFXP'].includes(header.toString('latin1', 0, 4))) return FAILURE.headerMagic;
    if (header.readUInt32LE(CRC_AT) !== crc32(header.subarray(0, CRC_AT))) return FAILURE.headerCrc;
    this.#header = header;
    this.#segmentsLeft = header.readUInt32LE(SEGMENT_COUNT_AT);
    return null;
  }

  takeSegment(header: Buffer): number | null {
    if (this.#header === null) return FAILURE.headerMissing;
    if (header.length !== SEGMENT_HEADER_BYTES || header.readUInt32LE(12) !== crc32(header.subarray(0, 12)))
      return FAILURE.segmentCrc;
    if (this.#segmentsLeft === 0) return FAILURE.segmentLength;
    this.#segmentsLeft -= 1;
    this.#bytesLeft = header.readUInt32LE(4);
    this.#hash.update(header);
    return null;
  }

  takeData(data: Buffer): number | null {
    if (data.length > this.#bytesLeft) return FAILURE.segmentLength;
    this.#bytesLeft -= data.length;
    this.#hash.update(data);
    return null;
  }

  check(): number | null {
    const header = this.#header;
    if (header === null || this.#segmentsLeft > 0 || this.#bytesLeft > 0) return FAILURE.incomplete;
    if ((header.readUInt32LE(FLAGS_AT) & HASH_IGNORED) !== 0) return null;
    const expected = header.subarray(HASH_AT, HASH_AT + HASH_BYTES);
    return this.#hash.copy().digest().equals(expected) ? null : FAILURE.hash;
  }
}
