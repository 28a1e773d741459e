import { createHash } from 'node:crypto';
import { OTA_HEADER } from '#shared/domain/firmware.ts';
import { counted } from '#shared/words/index.ts';
import { type OtaHeader, readOtaHeader, startsWithOtaMagic } from './ota-header.ts';
import { invalidPackage, printable } from './package-faults.ts';

/** Size, hashes (lower-case hex) and header of a firmware. */
export interface ContentFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
  /** Null for a firmware without a known header. */
  readonly header: OtaHeader | null;
}

/** Hashes a stream; only its header stays in memory. */
export interface Inspector {
  update(chunk: Uint8Array): void;
  /** Faults: `firmware-invalid` when size or hash of the body are not those of the header. */
  finish(): ContentFacts;
}

/** @param path of the content inside its package, for messages */
export function createInspector(path: string): Inspector {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  const body = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let sizeBytes = 0;
  return {
    update(chunk) {
      sizeBytes += chunk.length;
      sha256.update(chunk);
      md5.update(chunk);
      const missing = OTA_HEADER.bytes - head.length;
      if (missing > 0) head = Buffer.concat([head, chunk.subarray(0, missing)]);
      if (chunk.length > missing) body.update(chunk.subarray(Math.max(0, missing)));
    },
    finish() {
      const file = printable(path);
      let header: OtaHeader | null = null;
      if (startsWithOtaMagic(head)) {
        if (head.length < OTA_HEADER.bytes) throw sizeDiffers(file, OTA_HEADER.bytes, sizeBytes);
        header = readOtaHeader(head);
        const wholeBytes = OTA_HEADER.bytes + header.bodyBytes;
        if (wholeBytes !== sizeBytes) throw sizeDiffers(file, wholeBytes, sizeBytes);
        if (body.digest('hex') !== header.bodySha256) {
          throw invalidPackage(
            'hash-differs',
            `"${file}" is not what its header says: the SHA-256 of its body differs`,
            'The file was changed or damaged. Get the package again.',
            { file },
          );
        }
      }
      return { sizeBytes, sha256: sha256.digest('hex'), md5: md5.digest('hex'), header };
    },
  };
}

function sizeDiffers(file: string, expected: number, actual: number): Error {
  return invalidPackage(
    'size-differs',
    `"${file}" has ${counted(actual, 'byte')}, its header says ${expected}`,
    'The file was cut off or damaged. Get the package again.',
    { file, expected, actual },
  );
}
