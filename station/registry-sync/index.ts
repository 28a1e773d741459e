/** Sends the outbox to the registry: in order per unit, retried, each message applied once. */
export { type ExportedMessage, unsentMessages } from './unsent-messages.ts';
export { createSync, type Sync } from './sync.ts';
export { cachedRegistry } from './cached-registry.ts';
export { syncHandlers } from './handlers.ts';
