/** Digests, comparison of secrets and authenticated encryption, with `node:crypto`. */
export { openAesGcm, sealAesGcm } from './aes-gcm.ts';
export { equalInConstantTime, sha256Hex } from './digest.ts';
