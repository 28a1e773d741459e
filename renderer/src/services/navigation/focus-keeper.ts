import { useEventListener, useMutationObserver, useTimeoutFn } from '@vueuse/core';

/** Dialogs and lists give the focus back by themselves in this time. */
const SETTLE_MS = 40;

/**
 * Keeps the focus of the keyboard in the page. The browser moves it to the body when the focused element is removed,
 * hidden or disabled; then it goes to the heading of the page, or to the open dialog. A click beside all controls
 * takes the focus away on purpose, and nothing is done. Returns a function that moves the focus to the heading.
 */
export function useFocusKeeper(document: Document): { focusHeading(): void } {
  let last: Element | null = null;
  useEventListener(document, 'focusin', (event) => {
    last = event.target instanceof Element ? event.target : null;
  });
  useEventListener(document, 'pointerdown', () => {
    last = null;
  });

  /** The page is shown and has no heading yet; it gets the focus when it comes. */
  let awaitsHeading = false;
  function focusHeading(): void {
    const dialog = document.querySelector<HTMLElement>('.ui-dialog');
    const heading = document.querySelector<HTMLElement>('main h1[tabindex]');
    awaitsHeading = dialog === null && heading === null;
    const target = dialog ?? heading ?? document.querySelector<HTMLElement>('main[tabindex]');
    target?.focus({ preventScroll: true });
  }
  const stillAwaits = (): boolean => awaitsHeading && document.activeElement?.tagName === 'MAIN';
  const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;
  const settle = useTimeoutFn(
    () => {
      if (last !== null && isLost()) focusHeading();
    },
    SETTLE_MS,
    { immediate: false },
  );
  useMutationObserver(
    document.body,
    () => {
      if (stillAwaits()) focusHeading();
      else if (last !== null && isLost()) settle.start();
    },
    { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'hidden', 'inert'] },
  );
  return { focusHeading };
}
