import { inject, type InjectionKey } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

/** Asks the user whether the page may be left; resolves to true when it may. The shell provides it. */
export type LeaveQuestion = () => Promise<boolean>;
export const LEAVE_QUESTION: InjectionKey<LeaveQuestion> = Symbol('leave question');

/**
 * Asks before another page replaces this component while it has input that is not saved. This includes links, keys, and
 * the browser's back and forward. The end of a session discards the input without a question.
 */
export function useUnsavedInput(isUnsaved: () => boolean): void {
  const ask = inject(LEAVE_QUESTION, null);
  const guard = (): true | Promise<boolean> => (ask === null || !isUnsaved() ? true : ask());
  onBeforeRouteLeave(guard);
  onBeforeRouteUpdate(guard);
}
