/** The outbox and its drain: in order, in batches, again and again, each message once in effect. */
export { createSync, type Sync } from './sync.ts';
