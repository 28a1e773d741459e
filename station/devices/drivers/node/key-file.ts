import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openAesGcm, sealAesGcm } from '#node-kit/crypto/index.ts';
import { hasErrno, readOrCreatePrivateFile } from '#node-kit/files/index.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { SecretBox } from '../../../core/platform/index.ts';

/** Prefix of keys that the keychain of the desktop application wrapped, which no key file opens. */
export const KEYCHAIN_PREFIX: Uint8Array = new TextEncoder().encode('gongwei-keychain-1\n');

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A SecretBox over a key file that only its owner can read; the file is created at the first `wrap`.
 *
 * When others can read the file, their access is removed, and `warning` reports it: refusing the file would stop
 * production because of a copy with the wrong umask, and without the warning nothing would show that the key may be
 * known. Faults: `file-denied` when the access cannot be removed, `secret-unreadable` for a missing or wrong file.
 */
export function createKeyFileBox(path: string): SecretBox {
  let key: Buffer | null = null;
  let warning: string | null = null;
  const load = (make: boolean): Buffer => {
    if (key !== null) return key;
    if (make) createIfMissing(path);
    if (removeAccessOfOthers(path))
      warning = `other users of this computer could read ${path}; their access is removed now. Change the key: "station rotate-key"`;
    return (key = read(path));
  };
  return {
    kind: 'key-file',
    warning: () => warning,
    async wrap(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const sealed = sealAesGcm(load(true), nonce, plain);
      // The tag stands before the ciphertext here.
      return Buffer.concat([nonce, sealed.subarray(-TAG_BYTES), sealed.subarray(0, -TAG_BYTES)]);
    },
    async unwrap(wrapped) {
      const bytes = Buffer.from(wrapped);
      if (isOfKeychain(bytes)) throw inKeychain();
      try {
        const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
        const sealed = Buffer.concat([bytes.subarray(NONCE_BYTES + TAG_BYTES), tag]);
        return openAesGcm(load(false), bytes.subarray(0, NONCE_BYTES), sealed);
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        throw unreadable(`the key in ${path} does not open this station's secrets`, cause);
      }
    },
  };
}

/** Whether a wrapped key can be opened by the keychain alone. */
export function isOfKeychain(wrapped: Uint8Array): boolean {
  return KEYCHAIN_PREFIX.every((byte, index) => wrapped[index] === byte);
}

function createIfMissing(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    readOrCreatePrivateFile(path, () => randomBytes(32));
}

/** True when others could read the file until now. Windows has no modes: the data directory is closed to them. */
function removeAccessOfOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (!hostSystem().hasFileModes || (mode & 0o077) === 0) return false;
  try {
    chmodSync(path, 0o600);
    return true;
  } catch (cause) {
    throw new Fault(
      'file-denied',
      `other users of this computer can read ${path}, and their access cannot be removed`,
      {
        hint: 'Give the file to the user who runs the station, with mode 600.',
        cause,
      },
    );
  }
}

function read(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const isMissing = hasErrno(cause, 'ENOENT');
    throw unreadable(
      isMissing ? `the key file ${path} is missing` : `the key file ${path} cannot be read`,
      cause,
    );
  }
  if (bytes.length === 32) return bytes;
  throw unreadable(`${path} is not a key file (32 bytes expected, ${bytes.length} found)`);
}

function unreadable(message: string, cause?: unknown): Fault {
  return new Fault('secret-unreadable', message, {
    hint: 'Put back the key file that belongs to this data directory.',
    cause,
  });
}

function inKeychain(): Fault {
  return new Fault(
    'secret-unreadable',
    'the secrets of this station are sealed with the keychain of the desktop application',
    {
      hint: 'Open the station in the desktop application. Commands that only read work without the keychain.',
    },
  );
}
