/** Digests, comparison of secrets, authenticated encryption and signatures, with `node:crypto`. */
export { openAesGcm, sealAesGcm } from './aes-gcm.ts';
export { equalInConstantTime, sha256Hex, sha256InTurns } from './digest.ts';
export {
  ed25519Fingerprint,
  ed25519FromPem,
  ed25519Pem,
  ed25519PublicKey,
  ed25519Sign,
  ed25519SignNow,
  ed25519Verify,
} from './ed25519.ts';
