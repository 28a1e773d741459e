import { createHash, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { openAesGcm, sealAesGcm } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/**
 * The data keys of a backup, closed with a passphrase: AES-256-GCM under a key that scrypt (RFC 7914) derives. All of the
 * head is authenticated, so that its parameters cannot be exchanged.
 */
const head = z.strictObject({
  gongwei: z.literal('wrapped-keys/1'),
  kdf: z.literal('scrypt'),
  /** Cost: N (a power of two), r, p of RFC 7914. The limits keep a strange file from taking all memory. */
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
const COST = { n: 2 ** 17, r: 8, p: 1 } as const;
const DIGEST_BYTES = 32;
const ENTRY_BYTES = 4 + DIGEST_BYTES + 32;

/** A passphrase guards keys that leave the house, where nobody counts the guesses. */
const LEAST_PASSPHRASE_BYTES = 12;

/** A data key of 32 bytes, and how the database has it: wrapped by its host. */
export interface DataKey {
  readonly keyId: number;
  readonly wrapped: Uint8Array;
  readonly key: Uint8Array;
}

/** Faults: `bad-input`. */
export function refuseShortPassphrase(passphrase: Uint8Array): void {
  if (passphrase.length >= LEAST_PASSPHRASE_BYTES) return;
  throw new Fault('bad-input', `a passphrase of at least ${LEAST_PASSPHRASE_BYTES} characters is needed`, {
    hint: 'Give it as the first line of standard input; four or five random words are good.',
  });
}

/**
 * The text of a key file. The caller wipes passphrase and keys.
 * @param passphrase UTF-8. Faults: `bad-input` when it is too short.
 */
export async function wrapKeys(keys: readonly DataKey[], passphrase: Uint8Array): Promise<string> {
  refuseShortPassphrase(passphrase);
  const made: Head = {
    gongwei: 'wrapped-keys/1',
    kdf: 'scrypt',
    ...COST,
    salt: randomBytes(16).toString('base64'),
    nonce: randomBytes(12).toString('base64'),
  };
  const plain = Buffer.concat(keys.map(entryOf));
  const closing = await derive(made, passphrase);
  try {
    const box = sealAesGcm(
      closing,
      Buffer.from(made.nonce, 'base64'),
      plain,
      Buffer.from(JSON.stringify(made)),
    );
    return `${JSON.stringify({ ...made, box: box.toString('base64') }, null, 2)}\n`;
  } finally {
    plain.fill(0);
    closing.fill(0);
  }
}

/**
 * Opens a key file for the keys that a backup has. The caller wipes them.
 * @param rows the backup's keys, wrapped by its host.
 * @param place of the key file, for people.
 * Faults: `bad-input` when it is no key file, another backup's, or the passphrase is wrong.
 */
export async function unwrapKeys(
  text: string,
  rows: readonly Omit<DataKey, 'key'>[],
  passphrase: Uint8Array,
  place: string,
): Promise<DataKey[]> {
  const parsed = file.safeParse(parseJson(text));
  if (!parsed.success) throw refused(`${place} is no key file of a backup`);
  const { box, ...made } = parsed.data;
  const plain = await open(made, Buffer.from(box, 'base64'), passphrase, place);
  try {
    return rows.map(({ keyId, wrapped }) => {
      const mark = markOf(keyId, wrapped);
      for (let at = 0; at + ENTRY_BYTES <= plain.length; at += ENTRY_BYTES) {
        const key = plain.subarray(at + mark.length, at + ENTRY_BYTES);
        if (mark.equals(plain.subarray(at, at + mark.length)))
          return { keyId, wrapped, key: Uint8Array.from(key) };
      }
      throw refused(`${place} is the key of another backup`);
    });
  } finally {
    plain.fill(0);
  }
}

async function open(made: Head, box: Buffer, passphrase: Uint8Array, place: string): Promise<Buffer> {
  const closing = await derive(made, passphrase);
  try {
    return openAesGcm(closing, Buffer.from(made.nonce, 'base64'), box, Buffer.from(JSON.stringify(made)));
  } catch {
    throw refused(`the passphrase does not open ${place}, or the file was changed`);
  } finally {
    closing.fill(0);
  }
}

/** Ties a key to its backup: the same number may be another key at another station. */
function markOf(keyId: number, wrapped: Uint8Array): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(keyId);
  return Buffer.concat([number, createHash('sha256').update(wrapped).digest()]);
}

function entryOf({ keyId, wrapped, key }: DataKey): Buffer {
  return Buffer.concat([markOf(keyId, wrapped), key]);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
