import { scrypt } from 'node:crypto';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';

/**
 * The stored form of a PIN: scrypt (RFC 7914) as `$scrypt$ln=<log2 N>,r=<r>,p=<p>$<salt>$<hash>`, base64 without padding, so
 * that the cost can be raised and stored PINs stay valid. Not argon2: the crypto of Electron's Node (BoringSSL) has
 * none. 128 MiB and about three tenths of a second at a time, the least that OWASP advises for scrypt; more would delay a
 * small computer. The waits after wrong PINs and the permissions of the data directory protect a PIN; the cost only slows down an
 * attacker who has the file, for whom six digits last days and not weeks.
 */
const LOG2_N = 17;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** A stored hash that needs more memory is not computed. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/** The host of a hash: its random values, and the cost where it is not the usual one. */
export type HashingPlatform = Pick<Platform, 'random' | 'scryptLog2N'>;

export async function hashPin(pin: string, platform: HashingPlatform): Promise<string> {
  return hashWithSalt(pin, platform.random.bytes(SALT_BYTES), platform);
}

/** As `hashPin`, with a salt of the caller: the same text gives the same hash. */
export async function hashWithSalt(
  pin: string,
  salt: Uint8Array,
  { scryptLog2N: log2N = LOG2_N }: Pick<HashingPlatform, 'scryptLog2N'>,
): Promise<string> {
  const hash = await derive(pin, { salt, ln: log2N, r: BLOCK_SIZE, p: PARALLEL, length: HASH_BYTES });
  return `$scrypt$ln=${log2N},r=${BLOCK_SIZE},p=${PARALLEL}$${base64(salt)}$${base64(hash)}`;
}

/** Compares in constant time. Faults: `database-corrupt` when `stored` has another form. */
export async function verifyPin(pin: string, stored: string): Promise<boolean> {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,88})\$([\w+/]{22,88})$/.exec(
    stored,
  );
  const [ln = 0, r = 0, p = 0] = (parts ?? []).slice(1, 4).map(Number);
  if (parts === null || ln < 1 || r < 1 || p < 1 || 128 * r * 2 ** ln > MAX_MEMORY_BYTES) {
    throw new Fault(
      'database-corrupt',
      'the stored PIN of a user has a form that this Gongwei does not know',
      {
        hint: 'Give the user a new PIN with "user pin".',
      },
    );
  }
  const [salt = Buffer.alloc(0), expected = Buffer.alloc(0)] = parts
    .slice(4, 6)
    .map((text) => Buffer.from(text, 'base64'));
  const actual = await derive(pin, { salt, ln, r, p, length: expected.length });
  return equalInConstantTime(actual, expected);
}

interface Cost {
  readonly salt: Uint8Array;
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly length: number;
}

function derive(pin: string, { salt, ln, r, p, length }: Cost): Promise<Buffer> {
  // A Chinese input method may type full-width digits: they are the same PIN.
  const text = pin.normalize('NFKC');
  const options = { N: 2 ** ln, r, p, maxmem: 2 * MAX_MEMORY_BYTES };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
