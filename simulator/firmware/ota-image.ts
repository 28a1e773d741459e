import { createCipheriv, createHash } from 'node:crypto';
import { OTA_HEADER } from '#shared/domain/firmware.ts';

export interface OtaImageOptions {
  /** Length of the body. The file is 512 bytes longer unless it is headerless. */
  readonly bodyBytes: number;
  readonly hardwareVersion?: string;
  readonly softwareVersion?: string;
  /** Whether the image has no header, as for other chips. */
  readonly headerless?: boolean;
  /** The same seed makes the same bytes. */
  readonly seed?: string;
}

const BLOCK_BYTES = 256 * 1024;

/**
 * A firmware image: the header of `OTA_HEADER` and pseudo-random bytes, in blocks. It can be iterated several times with
 * the same result.
 */
export function otaImage(options: OtaImageOptions): Iterable<Buffer> {
  return {
    *[Symbol.iterator]() {
      if (options.headerless !== true) yield headerOf(options);
      yield* bodyOf(options);
    },
  };
}

/** Length of the image, bytes. */
export function otaImageLength({ bodyBytes, headerless }: OtaImageOptions): number {
  return headerless === true ? bodyBytes : OTA_HEADER.bytes + bodyBytes;
}

function* bodyOf({ bodyBytes, seed = 'gongwei' }: OtaImageOptions): Generator<Buffer> {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  const stream = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(BLOCK_BYTES);
  for (let remaining = bodyBytes; remaining > 0; remaining -= BLOCK_BYTES) {
    yield stream.update(zeros.subarray(0, Math.min(remaining, BLOCK_BYTES)));
  }
}

function headerOf(options: OtaImageOptions): Buffer {
  const sha256 = createHash('sha256');
  for (const block of bodyOf(options)) sha256.update(block);
  const header = Buffer.alloc(OTA_HEADER.bytes, 0xff);
  const { offsets } = OTA_HEADER;
  header.fill(0, 0, offsets.bodySha256);
  header.write(OTA_HEADER.magic, offsets.magic, 'latin1');
  header.write('RAW ', offsets.type, 'latin1');
  header.writeUInt32LE(options.bodyBytes, offsets.bodyBytes);
  // Bytes 24 to 31 are 1, 2, … 8 in every build.
  for (let n = 1; n <= 8; n += 1) header[23 + n] = n;
  header.write(options.hardwareVersion ?? 'SIM-1', offsets.hardware, OTA_HEADER.textBytes, 'latin1');
  header.write(options.softwareVersion ?? '1.0.0', offsets.software, OTA_HEADER.textBytes, 'latin1');
  sha256.digest().copy(header, offsets.bodySha256);
  return header;
}
