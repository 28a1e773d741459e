import { sha256Hex } from '#node-kit/crypto/index.ts';
import { RegistryError } from '../registry-error.ts';

/** A part of a content that is uploaded. */
export interface Chunk {
  readonly offset: number;
  /** Size of the content, as announced. */
  readonly totalBytes: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * False when all of a chunk was received before: its reply was lost, or it was sent twice. Errors: `conflict` with
 * `receivedBytes` when the chunk does not begin there or is beyond the end; `bad-input` for a chunk without its hash.
 */
export function requireNextChunk(chunk: Chunk, receivedBytes: number, sizeBytes: number): boolean {
  const end = chunk.offset + chunk.bytes.length;
  if (end <= receivedBytes) return false;
  if (chunk.offset !== receivedBytes || end > sizeBytes) throw wrongOffset(receivedBytes);
  if (sha256Hex(chunk.bytes) === chunk.sha256) return true;
  throw new RegistryError(
    'bad-input',
    'the chunk does not match its hash: it was damaged on the way',
    'Send it again.',
    { receivedBytes, damaged: true },
  );
}

export function wrongOffset(receivedBytes: number): RegistryError {
  return new RegistryError('conflict', `the next byte to send is ${receivedBytes}`, 'Continue from there.', {
    receivedBytes,
  });
}
