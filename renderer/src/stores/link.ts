import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useStationClient } from '../link/index.ts';
import { useClock } from './clock.ts';

/** A loss shorter than this is not worth a word. */
const QUIET_MS = 400;
/** From here on slots are no longer said to be ready: nothing can be started, and nobody sees how tests go. */
const STALE_MS = 2_000;
const LONG_MS = 12_000;

export type LinkState = 'connecting' | 'connected' | 'reconnecting' | 'lost';

/** Whether there is a wire to the station, said calmly. */
export const useLink = defineStore('link', () => {
  const client = useStationClient();
  const clock = useClock();
  const attached = ref(client.attached);
  const everAttached = ref(client.attached);
  const sinceMs = ref(Date.now());

  client.onAttached(() => {
    if (attached.value === client.attached) return;
    attached.value = client.attached;
    everAttached.value ||= client.attached;
    sinceMs.value = Date.now();
  });

  const state = computed<LinkState>(() => {
    if (attached.value) return 'connected';
    if (!everAttached.value) return 'connecting';
    const goneMs = clock.nowMs - sinceMs.value;
    if (goneMs < QUIET_MS) return 'connected';
    return goneMs < LONG_MS ? 'reconnecting' : 'lost';
  });

  /** What is on the screen is the last known state, and may be wrong. */
  const stale = computed(
    () =>
      state.value === 'lost' || (state.value === 'reconnecting' && clock.nowMs - sinceMs.value >= STALE_MS),
  );

  return { state, stale, attached };
});
