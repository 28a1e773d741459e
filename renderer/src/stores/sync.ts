import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useTopic } from './use-topic.ts';

export type SyncMood = 'unknown' | 'unconfigured' | 'online' | 'sending' | 'offline' | 'parked';

/** The outbox. Parked messages need a person, so they determine the mood before everything else. */
export const useSync = defineStore('sync', () => {
  const state = useTopic('sync');

  const mood = computed<SyncMood>(() => {
    const now = state.value;
    if (now === null) return 'unknown';
    if (now.parked > 0) return 'parked';
    if (now.connection === 'online') return now.pending > 0 ? 'sending' : 'online';
    return now.connection;
  });

  return { state, mood };
});
