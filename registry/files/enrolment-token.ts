import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { randomBytes } from '../platform.ts';
import { readOrCreatePrivateText } from './private-file.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 32 random bytes as text; a random token needs no salt and no slow hash. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The hash of a token, as it is stored. */
export function tokenHash(token: string): Buffer {
  return sha256(token);
}

/** The enrolment token, created at the first start. Faults: `secret-unreadable`, `file-denied`. */
export function enrolmentTokenOf(dataDir: string): string {
  const path = join(dataDir, 'station.token');
  const token = readOrCreatePrivateText(path, () => `${newToken()}\n`).trim();
  if (TOKEN.test(token)) return token;
  throw new Fault('secret-unreadable', `${path} does not hold an enrolment token`, {
    hint: 'Remove the file, so that a new token is created at the next start, and configure new stations with it.',
  });
}

/** Compares in constant time. */
export function sameToken(given: string, expected: string): boolean {
  return equalInConstantTime(sha256(given), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
