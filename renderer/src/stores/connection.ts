import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useClock } from './clock.ts';

/** A shorter loss is not shown. */
const HIDDEN_LOSS_MS = 400;
/** After a loss of this length slots are no longer shown as ready, because the page cannot start a unit or show a result. */
const STALE_MS = 2_000;
/** After this time the page no longer announces a reconnection, but says that the station is out of reach. */
const LOST_AFTER_MS = 12_000;

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'lost';

/** The connection to the station as the pages show it; short losses are hidden. */
export const useConnection = defineStore('connection', () => {
  const client = useStationClient();
  const clock = useClock();
  /** The station answers at present. */
  const responsive = ref(client.responsive);
  const everResponsive = ref(client.responsive);
  /** How often the station has stopped answering. */
  const losses = ref(0);
  const sinceMs = ref(performance.now());

  client.onResponsive((isResponsive) => {
    responsive.value = isResponsive;
    everResponsive.value ||= isResponsive;
    if (!isResponsive) losses.value += 1;
    // The client reports an open connection only after 3 s without a heartbeat, so that the state is stale at once.
    sinceMs.value = performance.now() - (client.attached ? STALE_MS : 0);
  });

  const state = computed<ConnectionState>(() => {
    if (responsive.value) return 'connected';
    if (!everResponsive.value) return 'connecting';
    const goneMs = clock.steadyMs - sinceMs.value;
    if (goneMs < HIDDEN_LOSS_MS) return 'connected';
    return goneMs < LOST_AFTER_MS ? 'reconnecting' : 'lost';
  });

  /** The screen shows the last known state, which may be outdated. */
  const stale = computed(
    () =>
      state.value === 'lost' ||
      (state.value === 'reconnecting' && clock.steadyMs - sinceMs.value >= STALE_MS),
  );

  return { state, stale, responsive, losses };
});
