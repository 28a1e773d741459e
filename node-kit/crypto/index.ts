/** Digests, comparison of secrets and authenticated encryption, over Node's own. */
export { openAesGcm, sealAesGcm } from './aes-gcm.ts';
export { equalInConstantTime, sha256Hex } from './digest.ts';
