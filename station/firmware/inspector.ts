import { createHash } from 'node:crypto';
import { OTA_HEADER } from '#shared/domain/firmware.ts';
import { counted } from '#shared/words/index.ts';
import { type OtaHeader, readOtaHeader, startsWithOtaMagic } from './ota-header.ts';
import { refuse, show } from './package-faults.ts';

/** What a firmware's content is, known when all of it went by. Hashes in lower-case hex. */
export interface ContentFacts {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly md5: string;
  /** `null`: opaque. */
  readonly header: OtaHeader | null;
}

/** Hashes a content as it streams by, at the memory of its header. */
export interface Inspector {
  update(chunk: Uint8Array): void;
  /** Faults: `firmware-invalid` when there is a header and the body is not what it says. */
  finish(): ContentFacts;
}

/** @param path of the content inside its package, for the sentence of a fault. */
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
      const file = show(path);
      let header: OtaHeader | null = null;
      if (startsWithOtaMagic(head)) {
        if (head.length < OTA_HEADER.bytes) throw sizeDiffers(file, OTA_HEADER.bytes, sizeBytes);
        header = readOtaHeader(head);
        const wholeBytes = OTA_HEADER.bytes + header.bodyBytes;
        if (wholeBytes !== sizeBytes) throw sizeDiffers(file, wholeBytes, sizeBytes);
        if (body.digest('hex') !== header.bodySha256) {
          throw refuse(
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
  return refuse(
    'size-differs',
    `"${file}" has ${counted(actual, 'byte')}, its header says ${expected}`,
    'The file was cut off or damaged. Get the package again.',
    { file, expected, actual },
  );
}
