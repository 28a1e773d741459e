import { onScopeDispose } from 'vue';
import { createPresence, type Presence } from './presence.ts';

/** The presence of a person, until the component is unmounted. */
export function usePresence(): Presence {
  const presence = createPresence(window);
  onScopeDispose(() => presence.close());
  return presence;
}
