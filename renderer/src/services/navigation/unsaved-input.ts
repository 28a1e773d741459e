import { useEventListener } from '@vueuse/core';
import { inject, type InjectionKey, onScopeDispose, provide } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized, useRouter } from 'vue-router';
import { bridgeOf } from '../client/index.ts';
import { BEFORE_CLOSE } from './before-close.ts';

/** Asks the user whether input that is not saved may be discarded. The shell provides it and shows the question. */
export interface LeaveQuestion {
  /**
   * Shows the question, in place of one that is shown already. `onDiscard` runs after the answer yes. `signal` fires
   * when the input is gone; the question is then withdrawn.
   */
  ask(onDiscard: () => void, signal: AbortSignal): void;
}
export const LEAVE_QUESTION: InjectionKey<LeaveQuestion> = Symbol('leave question');

/**
 * Asks before input of this component is lost that is not saved. Another page (links, keys, the browser's back and
 * forward) is refused at once, so that the address stays that of the page, and is opened after the answer yes. A
 * browser also asks before the document is loaded again or closed; the window of the desktop program cannot ask this,
 * and would stay open without a word. The end of a session discards the input without a question.
 *
 * A dialog of this component asks before Escape, its X or a click beside closes it.
 */
export function useUnsavedInput(isUnsaved: () => boolean): void {
  const question = inject(LEAVE_QUESTION, null);
  const router = useRouter();
  const { history } = router.options;
  const mounted = new AbortController();
  const { signal } = mounted;
  onScopeDispose(() => mounted.abort());

  /** The position of the shown page in the browser's history. */
  let position = Number(history.state['position']);
  onScopeDispose(
    router.afterEach((to, from, failure) => {
      if (failure === undefined) position = Number(history.state['position']);
    }),
  );
  /** The answer was yes; the navigation that was asked about is repeated. */
  let isDiscarded = false;

  function guard(to: RouteLocationNormalized): boolean {
    if (question === null || isDiscarded || !isUnsaved()) return true;
    // The browser has gone to this entry already, and the router goes back when the guard refuses.
    const delta = Number(history.state['position']) - position;
    question.ask(() => {
      isDiscarded = true;
      const stop = router.afterEach(() => {
        stop();
        isDiscarded = false;
      });
      if (delta === 0) void router.push(to);
      else history.go(delta);
    }, signal);
    return false;
  }
  onBeforeRouteLeave(guard);
  onBeforeRouteUpdate(guard);

  if (bridgeOf(window) === undefined)
    useEventListener(window, 'beforeunload', (event) => {
      if (isUnsaved()) event.preventDefault();
    });

  provide(BEFORE_CLOSE, (close) => {
    if (question === null || !isUnsaved()) close();
    else question.ask(close, signal);
  });
}
