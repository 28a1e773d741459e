import type { Fault } from '#shared/domain/fault.ts';
import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether page and station turned out to speak different contracts: only a reload helps then. */
export const useVersionMismatch = defineStore('version-mismatch', () => {
  const topic = ref<string | null>(null);

  function report(name: string, fault: Fault): void {
    // `internal`: an unknown shape; `not-found`: an unknown topic. Anything else is no matter of versions.
    if (fault.code !== 'internal' && fault.code !== 'not-found') return;
    topic.value = name;
    console.error(`topic ${name}`, fault);
  }

  return { topic, report };
});
