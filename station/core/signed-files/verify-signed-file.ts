import { ed25519Fingerprint, ed25519Verify } from '#node-kit/crypto/index.ts';
import { type FileProblem, signedBytes, type SignedParts, splitSignedFile } from '#shared/signed/index.ts';

/** A signed file that is byte for byte as the owner of its key wrote it. That says nothing about who the owner is. */
export interface WholeFile extends SignedParts {
  readonly whole: true;
  /** Fingerprint of the key, 64 hex digits. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

/** A file that is not signed or was changed. */
export interface BrokenFile {
  readonly whole: false;
  readonly problem: FileProblem;
}

/** Verifies the signature of a file with the key that is in the file. */
export function verifySignedFile(file: Uint8Array): WholeFile | BrokenFile {
  const parts = splitSignedFile(file);
  if (typeof parts === 'string') return { whole: false, problem: parts };
  const { kind, content, signature } = parts;
  const publicKey = Buffer.from(signature.publicKey, 'base64');
  if (ed25519Fingerprint(publicKey) !== signature.keyId) return { whole: false, problem: 'key-mismatch' };
  const isWhole = ed25519Verify(
    publicKey,
    signedBytes(kind, content),
    Buffer.from(signature.value, 'base64'),
  );
  if (!isWhole) return { whole: false, problem: 'changed' };
  return { whole: true, ...parts, keyId: signature.keyId, publicKey };
}
