import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useTopic } from './use-topic.ts';

export type SyncStatus = 'unknown' | 'unconfigured' | 'online' | 'sending' | 'offline' | 'parked';

/** The outbox. Parked messages determine the status first, because a person must decide about them. */
export const useSync = defineStore('sync', () => {
  const state = useTopic('sync');

  const status = computed<SyncStatus>(() => {
    const now = state.value;
    if (now === null) return 'unknown';
    if (now.parked > 0) return 'parked';
    if (now.connection === 'online') return now.pending > 0 ? 'sending' : 'online';
    return now.connection;
  });

  return { state, status };
});
