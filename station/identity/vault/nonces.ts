const NONCE_BYTES = 12;
/** Nonces fetched at once: asking the system for each takes as long as sealing with it. */
const AT_ONCE = 256;

/** Fresh nonces of 12 random bytes, each given out once. */
export function createNonces(randomBytes: (count: number) => Uint8Array): () => Uint8Array {
  let pool = new Uint8Array();
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = new Uint8Array(randomBytes(NONCE_BYTES * AT_ONCE));
      at = 0;
    }
    at += NONCE_BYTES;
    return pool.subarray(at - NONCE_BYTES, at);
  };
}
