import { onScopeDispose } from 'vue';
import { createPresence, type Presence } from './presence.ts';

/** For as long as the component is up. */
export function usePresence(): Presence {
  const presence = createPresence(window);
  onScopeDispose(() => presence.close());
  return presence;
}
