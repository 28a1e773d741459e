/** For work of a page that must not keep the session of a person who has left. */
export { createPresence, type Presence } from './presence.ts';
export { usePresence } from './use-presence.ts';
