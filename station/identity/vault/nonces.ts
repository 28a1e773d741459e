import type { Random } from '../../core/platform/index.ts';

const NONCE_BYTES = 12;
/** Nonces per call of the random source: one call each would take as long as sealing. */
const NONCES_PER_CALL = 256;

/** Makes nonces of 12 random bytes. */
export function createNonces(random: Random): () => Uint8Array {
  let pool = new Uint8Array();
  let offset = 0;
  return () => {
    if (offset === pool.length) {
      pool = new Uint8Array(random.bytes(NONCE_BYTES * NONCES_PER_CALL));
      offset = 0;
    }
    offset += NONCE_BYTES;
    return pool.subarray(offset - NONCE_BYTES, offset);
  };
}
