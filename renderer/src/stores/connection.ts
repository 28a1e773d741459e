import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useClock } from './clock.ts';

/** A shorter loss is not shown. */
const QUIET_MS = 400;
/** After a loss of this length slots are no longer shown as ready: no unit can be started, and results are not seen. */
const STALE_MS = 2_000;
const LONG_MS = 12_000;

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'lost';

/** The connection to the station as the pages show it; short losses are hidden. */
export const useConnection = defineStore('connection', () => {
  const client = useStationClient();
  const clock = useClock();
  /** The station answers at present. */
  const answers = ref(client.responsive);
  const everAnswered = ref(client.responsive);
  /** How often the station has stopped answering. */
  const losses = ref(0);
  const sinceMs = ref(performance.now());

  client.onResponsive((now) => {
    answers.value = now;
    everAnswered.value ||= now;
    if (!now) losses.value += 1;
    // A connection that is open but silent has been stale for this time already.
    sinceMs.value = performance.now() - (client.attached ? STALE_MS : 0);
  });

  const state = computed<ConnectionState>(() => {
    if (answers.value) return 'connected';
    if (!everAnswered.value) return 'connecting';
    const goneMs = clock.steadyMs - sinceMs.value;
    if (goneMs < QUIET_MS) return 'connected';
    return goneMs < LONG_MS ? 'reconnecting' : 'lost';
  });

  /** The screen shows the last known state, which may be outdated. */
  const stale = computed(
    () =>
      state.value === 'lost' ||
      (state.value === 'reconnecting' && clock.steadyMs - sinceMs.value >= STALE_MS),
  );

  return { state, stale, answers, losses };
});
