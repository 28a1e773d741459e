import { onScopeDispose, ref, type Ref } from 'vue';
import type { LeaveQuestion } from '#services/navigation/index.ts';

/** The question whether input that is not saved may be discarded: `ask` for those who have it, the rest for the dialog. */
export function useLeaveQuestion(): LeaveQuestion & {
  readonly isAsking: Readonly<Ref<boolean>>;
  answer(mayDiscard: boolean): void;
} {
  const isAsking = ref(false);
  let asked: {
    readonly onDiscard: () => void;
    readonly withdraw: () => void;
    readonly signal: AbortSignal;
  } | null = null;

  function answer(mayDiscard: boolean): void {
    const answered = asked;
    asked = null;
    isAsking.value = false;
    if (answered === null) return;
    answered.signal.removeEventListener('abort', answered.withdraw);
    if (mayDiscard) answered.onDiscard();
  }
  onScopeDispose(() => answer(false));
  return {
    isAsking,
    answer,
    ask(onDiscard, signal) {
      answer(false);
      const withdraw = (): void => answer(false);
      asked = { onDiscard, withdraw, signal };
      signal.addEventListener('abort', withdraw, { once: true });
      isAsking.value = true;
    },
  };
}
