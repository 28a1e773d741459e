import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import type { SecretBox } from '../../platform/index.ts';

const ALGORITHM = 'aes-256-gcm';

/** A SecretBox over a key file that only its owner can read; made on first use. */
export function createKeyFileBox(path: string): SecretBox {
  let key: Buffer | null = null;
  const load = (): Buffer => (key ??= loadOrCreate(path));
  return {
    kind: 'key-file',
    async wrap(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(ALGORITHM, load(), nonce);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    async unwrap(wrapped) {
      const bytes = Buffer.from(wrapped);
      try {
        const decipher = createDecipheriv(ALGORITHM, load(), bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      } catch (cause) {
        if (cause instanceof Fault) throw cause;
        throw new Fault('secret-unreadable', `the key in ${path} does not open this station's secrets`, {
          hint: 'Put back the key file that belongs to this data directory.',
          cause,
        });
      }
    },
  };
}

function loadOrCreate(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  // Linked into place, so that two processes that start together end up with one key, whole.
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, randomBytes(32), { mode: 0o600, flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary);
  }
  return read(path);
}

function read(path: string): Buffer {
  const bytes = readFileSync(path);
  if (bytes.length !== 32) {
    throw new Fault(
      'secret-unreadable',
      `${path} is not a key file (32 bytes expected, ${bytes.length} found)`,
      {
        hint: 'Put back the key file that belongs to this data directory.',
      },
    );
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return bytes;
}
