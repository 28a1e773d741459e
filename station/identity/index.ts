/** The ledger of triples: pool, claim, burn intent, read-back, recovery. No two units get the same identity. */
export { auditIdentity } from './audit-identity.ts';
export { type IdentityRecord, listIdentities } from './list-identities.ts';
export { createTripleFiles, type TripleFiles } from './pool/triple-files.ts';
export { burnIdentity, readIdentity } from './burn-identity.ts';
export { bindLogin, bindLoginIfReachable } from './bind-login.ts';
export { createLedger, type BoundTriple, type Ledger } from './ledger.ts';
export { createPool, type ImportOptions, type ImportReport, type Pool } from './pool/pool.ts';
export { INCOMPLETE_RESTORE } from './after-restore.ts';
export { MACHINE_BINDING, bindToMachine, type StationMove, checkMachineBinding } from './machine-binding.ts';
export { openKeyRing, openKeyRingForReading, type KeyRing } from './vault/key-ring.ts';
export { rotateKey, type RotationReport } from './vault/rotate-key.ts';
export { type DataKey, requireLongPassphrase, unwrapKeys, wrapKeys } from './vault/wrapped-keys.ts';
export {
  createSecretDigest,
  openFilledSecretDigest,
  SECRET_DIGEST_KEY,
  type SecretDigest,
} from './vault/secret-digest.ts';
export { openSigner, type Signed, type Signer, SIGNING_KEY, SigningKeys } from './signing/signing-keys.ts';
export { createVault, ownerOf, type Vault } from './vault/vault.ts';
export { identityHandlers } from './handlers.ts';
export { proveSecret, withSecretProof } from './secret-proof.ts';
export { whereaboutsOf } from './whereabouts.ts';
