import { createHash, scrypt } from 'node:crypto';
import { z } from 'zod';
import { openAesGcm, sealAesGcm } from '#node-kit/crypto/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';

/**
 * Key file of a backup: its data keys, encrypted with AES-256-GCM under a key that scrypt (RFC 7914) derives from a
 * passphrase. The head is authenticated data, so that its parameters cannot be changed.
 */
const head = z.strictObject({
  gongwei: z.literal('wrapped-keys/1'),
  kdf: z.literal('scrypt'),
  /** Cost: N (a power of two), r, p of RFC 7914. The limits bound the memory that a foreign file can take. */
  n: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64().length(24),
  nonce: z.base64().length(16),
});
const file = head.extend({ box: z.base64().max(1_000_000) });
type Head = z.infer<typeof head>;

/** 128 MiB and a third of a second per guess, as OWASP's password storage cheat sheet asks for. */
const LOG2_N = 17;
const [BLOCK_SIZE, PARALLEL] = [8, 1] as const;
const DIGEST_BYTES = 32;
const ENTRY_BYTES = 4 + DIGEST_BYTES + 32;

/** Guesses against a stolen key file are not counted, unlike those of a PIN. */
const MIN_PASSPHRASE_BYTES = 12;

/** A data key of 32 bytes, and its form in the database, wrapped by the host. */
export interface DataKey {
  readonly keyId: number;
  readonly wrapped: Uint8Array;
  readonly key: Uint8Array;
}

/** Faults: `bad-input`. */
export function requireLongPassphrase(passphrase: Uint8Array): void {
  if (passphrase.length >= MIN_PASSPHRASE_BYTES) return;
  throw new Fault('bad-input', `a passphrase of at least ${MIN_PASSPHRASE_BYTES} characters is needed`, {
    hint: 'Give it as the first line of standard input; four or five random words are good.',
  });
}

/**
 * The text of a key file. The caller wipes passphrase and keys. Faults: `bad-input` when the passphrase is too short.
 *
 * @param passphrase UTF-8
 */
export async function wrapKeys(
  keys: readonly DataKey[],
  passphrase: Uint8Array,
  { random, scryptLog2N = LOG2_N }: Pick<Platform, 'random' | 'scryptLog2N'>,
): Promise<string> {
  requireLongPassphrase(passphrase);
  const fileHead: Head = {
    gongwei: 'wrapped-keys/1',
    kdf: 'scrypt',
    n: 2 ** scryptLog2N,
    r: BLOCK_SIZE,
    p: PARALLEL,
    salt: Buffer.from(random.bytes(16)).toString('base64'),
    nonce: Buffer.from(random.bytes(12)).toString('base64'),
  };
  const plain = Buffer.concat(keys.map(entryOf));
  const key = await derive(fileHead, passphrase);
  try {
    const box = sealAesGcm(
      key,
      Buffer.from(fileHead.nonce, 'base64'),
      plain,
      Buffer.from(JSON.stringify(fileHead)),
    );
    return `${JSON.stringify({ ...fileHead, box: box.toString('base64') }, null, 2)}\n`;
  } finally {
    plain.fill(0);
    key.fill(0);
  }
}

/**
 * Opens a key file and finds the data keys of a backup in it. The caller wipes them.
 * Faults: `bad-input` when it is no key file, is that of another backup, or the passphrase is wrong.
 *
 * @param rows the backup's keys, wrapped by its host
 * @param path of the key file, for messages
 */
export async function unwrapKeys(
  text: string,
  rows: readonly Omit<DataKey, 'key'>[],
  passphrase: Uint8Array,
  path: string,
): Promise<DataKey[]> {
  const parsed = file.safeParse(parseJsonOrNull(text));
  if (!parsed.success) throw refused(`${path} is not a key file of a backup`);
  const { box, ...fileHead } = parsed.data;
  const plain = await open(fileHead, Buffer.from(box, 'base64'), passphrase, path);
  try {
    return rows.map(({ keyId, wrapped }) => {
      const label = labelOf(keyId, wrapped);
      for (let offset = 0; offset + ENTRY_BYTES <= plain.length; offset += ENTRY_BYTES) {
        const key = plain.subarray(offset + label.length, offset + ENTRY_BYTES);
        if (label.equals(plain.subarray(offset, offset + label.length)))
          return { keyId, wrapped, key: Uint8Array.from(key) };
      }
      throw refused(`${path} is the key of another backup`);
    });
  } finally {
    plain.fill(0);
  }
}

async function open(fileHead: Head, box: Buffer, passphrase: Uint8Array, path: string): Promise<Buffer> {
  const key = await derive(fileHead, passphrase);
  try {
    return openAesGcm(key, Buffer.from(fileHead.nonce, 'base64'), box, Buffer.from(JSON.stringify(fileHead)));
  } catch {
    throw refused(`the passphrase does not open ${path}, or the file was changed`);
  } finally {
    key.fill(0);
  }
}

/** Identifies a key: its number and the hash of its wrapped form, because other stations have the same numbers. */
function labelOf(keyId: number, wrapped: Uint8Array): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(keyId);
  return Buffer.concat([number, createHash('sha256').update(wrapped).digest()]);
}

function entryOf({ keyId, wrapped, key }: DataKey): Buffer {
  return Buffer.concat([labelOf(keyId, wrapped), key]);
}

function derive({ n, r, p, salt }: Head, passphrase: Uint8Array): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 128 * n * r + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.from(salt, 'base64'), 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function refused(message: string): Fault {
  return new Fault('bad-input', message, {
    hint: 'Nothing was changed. Give the passphrase that the backup was made with as the first line of standard input.',
  });
}
