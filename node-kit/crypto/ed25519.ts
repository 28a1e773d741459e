import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** The 16 bytes of PKCS #8 (RFC 8410) before the 32 bytes of a private key. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The 12 bytes of SubjectPublicKeyInfo (RFC 8410) before the 32 bytes of a public key. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

const signInBackground = promisify<null, Uint8Array, Parameters<typeof sign>[2], Buffer>(sign);

/**
 * The public key of a private one, as SubjectPublicKeyInfo in DER (44 bytes).
 *
 * @param privateKey 32 random bytes (RFC 8032)
 */
export function ed25519PublicKey(privateKey: Uint8Array): Buffer {
  return createPublicKey(privateKeyObject(privateKey)).export({ format: 'der', type: 'spki' });
}

/** The fingerprint of a public key: SHA-256 of its DER, as `openssl pkey -pubin -outform DER | sha256sum`. */
export function ed25519Fingerprint(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex');
}

/** Signs in a thread of libuv, because a large document takes a tenth of a second. Returns 64 bytes (RFC 8032). */
export function ed25519Sign(privateKey: Uint8Array, bytes: Uint8Array): Promise<Buffer> {
  return signInBackground(null, bytes, privateKeyObject(privateKey));
}

/** As `ed25519Sign`, at once: for a short text. */
export function ed25519SignNow(privateKey: Uint8Array, bytes: Uint8Array): Buffer {
  return sign(null, bytes, privateKeyObject(privateKey));
}

/** False also for a key that is not one of Ed25519, and for a signature of another length. */
export function ed25519Verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (!isEd25519PublicKey(publicKey) || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

function isEd25519PublicKey(der: Uint8Array): boolean {
  return der.length === SPKI_HEAD.length + KEY_BYTES && SPKI_HEAD.equals(der.subarray(0, SPKI_HEAD.length));
}

/** PEM of a public key (RFC 7468), as `openssl` reads it. */
export function ed25519Pem(publicKey: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${Buffer.from(publicKey).toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

/** The public key of a PEM text; null for another text. */
export function ed25519FromPem(text: string): Buffer | null {
  const body = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,400})-----END PUBLIC KEY-----\s*$/.exec(
    text,
  )?.[1];
  const der = Buffer.from(body ?? '', 'base64');
  return isEd25519PublicKey(der) ? der : null;
}

function privateKeyObject(privateKey: Uint8Array) {
  const der = Buffer.concat([PKCS8_HEAD, privateKey]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
