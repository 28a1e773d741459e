import type { SyncState } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useStationClient } from '../link/index.ts';

export type SyncMood = 'unknown' | 'unconfigured' | 'online' | 'sending' | 'offline' | 'parked';

/** What the registry does not know yet. Parked messages need a person, so they are said before everything else. */
export const useSync = defineStore('sync', () => {
  const client = useStationClient();
  const state = shallowRef<SyncState | null>(null);
  client.watch('sync', { onState: (next) => (state.value = next) });

  const mood = computed<SyncMood>(() => {
    const now = state.value;
    if (now === null) return 'unknown';
    if (now.parked > 0) return 'parked';
    if (now.link === 'online') return now.pending > 0 ? 'sending' : 'online';
    return now.link;
  });

  return { state, mood };
});
