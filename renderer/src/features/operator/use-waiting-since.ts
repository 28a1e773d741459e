import { watch } from 'vue';
import { useSlots } from '#stores/index.ts';

export interface WaitingSince {
  /** Whether the result that Space takes next was on the screen when a key was pressed (`Event.timeStamp`). */
  stoodAt(atMs: number): boolean;
}

/** The time since which each unacknowledged result is on the screen. */
export function useWaitingSince(): WaitingSince {
  const slots = useSlots();
  let since = new Map<string, number>();
  watch(
    () => slots.waiting,
    (now) => {
      const nowMs = performance.now();
      since = new Map(
        now.flatMap(({ run }) => (run === null ? [] : [[run.runId, since.get(run.runId) ?? nowMs]])),
      );
    },
    { flush: 'sync', immediate: true },
  );
  return {
    stoodAt(atMs) {
      const runId = slots.waiting[0]?.run?.runId;
      return runId === undefined || (since.get(runId) ?? 0) <= atMs;
    },
  };
}
