/** The outbox and its drain: in order, in batches, again and again, each message once in effect. */
export { type ExportedMessage, unsentMessages } from './export-outbox.ts';
export { proveSecret, withSecretProof } from './secret-proof.ts';
export { createSync, type Sync } from './sync.ts';
export { cachedRegistry } from './cached-registry.ts';
export { syncHandlers } from './handlers.ts';
