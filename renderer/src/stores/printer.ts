import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useTopic } from './use-topic.ts';

/** The label printer of the station, as it was asked last. */
export const usePrinter = defineStore('printer', () => {
  const health = useTopic('printer');
  /** What keeps it from printing; empty when it prints, says nothing, or there is none. */
  const problems = computed(() => health.value?.state?.problems ?? []);
  const fault = computed(() => health.value?.fault ?? null);
  return { health, problems, fault };
});
