import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fillPath, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import { readOrCreatePrivateText } from '../files/index.ts';
import { randomBytes } from '../platform.ts';

/** For devices that are switched on once a week. */
const VALID_MS = 7 * 24 * 3_600_000;

/**
 * Signs the URLs with which devices download a firmware, because devices have no token for HTTP. A signature is valid for one
 * firmware until one instant.
 */
export interface DownloadUrlSigner {
  /** The path with its signature, valid for seven days, or for the life that is given, rounded up to seconds. */
  sign(
    firmwareId: string,
    nowMs: number,
    lifeMs?: number,
  ): { readonly path: string; readonly expiresMs: number };
  verify(firmwareId: string, expires: string, signature: string, nowMs: number): boolean;
}

/** The key is a file of the data directory, created at the first start. Faults: `secret-unreadable`, `file-denied`. */
export function createDownloadUrlSigner(dataDir: string): DownloadUrlSigner {
  const path = join(dataDir, 'download.key');
  const key = Buffer.from(
    readOrCreatePrivateText(path, () => `${randomBytes(32).toString('base64')}\n`).trim(),
    'base64',
  );
  if (key.length !== 32) {
    throw new Fault('secret-unreadable', `${path} does not hold a key of 32 bytes`, {
      hint: 'Remove the file, so that a new key is created at the next start; the download URLs of before are then invalid.',
    });
  }
  const signatureOf = (firmwareId: string, expires: string): Buffer =>
    createHmac('sha256', key).update(`gongwei firmware ${firmwareId} ${expires}`).digest();
  return {
    sign(firmwareId, nowMs, lifeMs = VALID_MS) {
      const expires = String(Math.ceil((nowMs + lifeMs) / 1000));
      const signature = signatureOf(firmwareId, expires).toString('base64url');
      return {
        path: `${fillPath(REGISTRY_PATH.firmwareFile, { firmwareId })}?expires=${expires}&signature=${signature}`,
        expiresMs: Number(expires) * 1000,
      };
    },
    verify(firmwareId, expires, signature, nowMs) {
      const received = Buffer.from(signature, 'base64url');
      const expected = signatureOf(firmwareId, expires);
      return equalInConstantTime(received, expected) && Number(expires) * 1000 > nowMs;
    },
  };
}
