import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { StoredIdentity } from '../../flash/index.ts';
import { blockCheck } from './checksum.ts';

/** What a unit shows of its secret: all of it, a digest, a checksum, or nothing. */
export type ProofKind = 'full' | 'sha256' | 'md5' | 'bcc' | 'crc32' | 'name';

/** What a unit shows of its secret, as text in lower case; `null` when it shows only its name. */
export function proofOf({ deviceSecret }: StoredIdentity, kind: ProofKind): string | null {
  switch (kind) {
    case 'full':
      return deviceSecret;
    case 'sha256':
    case 'md5':
      return createHash(kind).update(deviceSecret).digest('hex');
    case 'bcc':
      return blockCheck(deviceSecret).toString(16).padStart(2, '0');
    case 'crc32':
      return crc32(deviceSecret).toString(16).padStart(8, '0');
    case 'name':
      return null;
  }
}
