import { defineStore } from 'pinia';
import { ref } from 'vue';

const TICK_MS = 250;

/** One clock for everything on the page that shows time; they all tick together. */
export const useClock = defineStore('clock', () => {
  const nowMs = ref(Date.now());
  setInterval(() => (nowMs.value = Date.now()), TICK_MS);
  return { nowMs };
});
