import { defineStore } from 'pinia';
import { onScopeDispose, ref } from 'vue';

const TICK_MS = 250;

/**
 * The clock of all times on the page. `nowMs` is the computer's time of day,
 * which a person may set. `steadyMs` is `performance.now()`; all durations are counted by it.
 */
export const useClock = defineStore('clock', () => {
  const nowMs = ref(Date.now());
  const steadyMs = ref(performance.now());
  const timer = setInterval(() => {
    nowMs.value = Date.now();
    steadyMs.value = performance.now();
  }, TICK_MS);
  onScopeDispose(() => clearInterval(timer));
  return { nowMs, steadyMs };
});
