import { onScopeDispose, ref, type Ref } from 'vue';
import type { LeaveQuestion } from '#services/navigation/index.ts';

/**
 * The question whether a page with unsaved input may be left: `ask` for the router's guards, the rest for the dialog. A
 * second navigation while the question is shown gets the answer no, and the question stays.
 */
export function useLeaveQuestion(): {
  readonly ask: LeaveQuestion;
  readonly isAsking: Readonly<Ref<boolean>>;
  answer(mayLeave: boolean): void;
} {
  const isAsking = ref(false);
  let resolve: ((mayLeave: boolean) => void) | null = null;

  function answer(mayLeave: boolean): void {
    isAsking.value = false;
    resolve?.(mayLeave);
    resolve = null;
  }
  onScopeDispose(() => answer(true));
  return {
    isAsking,
    answer,
    ask() {
      if (isAsking.value) return Promise.resolve(false);
      isAsking.value = true;
      return new Promise((done) => (resolve = done));
    },
  };
}
