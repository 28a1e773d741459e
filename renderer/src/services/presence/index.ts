/**
 * Detects whether a person is at the screen, so that repeated calls of a page do not extend the session of a user who
 * has left.
 */
export { createPresence, type Presence } from './presence.ts';
export { usePresence } from './use-presence.ts';
