/** The ledger of triples: pool, claim, burn intent, read-back, reconcile. No two units ever carry the same identity. */
export { auditIdentity } from './audit.ts';
export { type IdentityRecord, listIdentities } from './identities.ts';
export { createTripleFiles, type TripleFiles } from './triple-files.ts';
export { unusedLeased } from './give-back.ts';
export { burnIdentity, readIdentity } from './burn-identity.ts';
export { bindLogin, bindLoginIfReachable } from './bind-login.ts';
export { createLedger, type Bound, type Ledger } from './ledger.ts';
export { createPool, type ImportOptions, type ImportReport, type Pool } from './pool.ts';
export { RESTORED_UNSURE } from './after-restore.ts';
export { HOME, keepHome, type Moved, refuseAway } from './home.ts';
export { openKeyRing, type KeyRing } from './key-ring.ts';
export { rotateKey, type RotationReport } from './rotate-key.ts';
export { type DataKey, refuseShortPassphrase, unwrapKeys, wrapKeys } from './wrapped-keys.ts';
export {
  fillSecretDigests,
  openSecretDigest,
  SECRET_DIGEST_KEY,
  type SecretDigest,
} from './secret-digest.ts';
export { createVault, openVault, ownerOf, type Vault } from './vault.ts';
