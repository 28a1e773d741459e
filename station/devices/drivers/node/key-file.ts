import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno, readOrCreatePrivateFile } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { SecretBox } from '../../../core/platform/index.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A SecretBox over a key file that only its owner can read; made when something is wrapped for the first time.
 *
 * A file that others may read is closed to them, and `warning` says so: refusing it would stop a line over a copy made
 * with the wrong umask, and closing it in silence would hide that the key may be known. One that cannot be closed is
 * refused (`file-denied`).
 */
export function createKeyFileBox(path: string): SecretBox {
  let key: Buffer | null = null;
  let warning: string | null = null;
  const load = (make: boolean): Buffer => {
    if (key !== null) return key;
    if (make) makeUnlessThere(path);
    if (closeToOthers(path))
      warning = `${path} could be read by other users of this computer; it is closed now. Change the key: "station rotate-key"`;
    return (key = read(path));
  };
  return {
    kind: 'key-file',
    warning: () => warning,
    async wrap(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, load(true), nonce);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    async unwrap(wrapped) {
      const bytes = Buffer.from(wrapped);
      try {
        const decipher = createDecipheriv(ALGORITHM, load(false), bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        throw unreadable(`the key in ${path} does not open this station's secrets`, cause);
      }
    },
  };
}

function makeUnlessThere(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    readOrCreatePrivateFile(path, () => randomBytes(32));
}

/** True when others could read it until now. Windows keeps other users out of a profile's directory by itself. */
function closeToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return false;
  try {
    chmodSync(path, 0o600);
    return true;
  } catch (cause) {
    throw new Fault(
      'file-denied',
      `${path} can be read by other users of this computer, and cannot be closed`,
      {
        hint: 'Make it the own file of the user who runs the station, with mode 600.',
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
    const gone = hasErrno(cause, 'ENOENT');
    throw unreadable(gone ? `the key file ${path} is gone` : `the key file ${path} cannot be read`, cause);
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
