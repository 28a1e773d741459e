import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useTopic } from './use-topic.ts';

/** How good the batch at work is, as far as it has been counted. */
export const useYield = defineStore('yield', () => {
  const state = useTopic('yield');
  const figures = computed(() => state.value?.figures ?? null);
  return { state, figures };
});
